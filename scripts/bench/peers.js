/**
 * The measured programs, each in the fastest fair form that we found. Those that print rows print lines of keys, count,
 * minimum, maximum and average, so that answers can be compared.
 *
 * @import { Job, Machine, Peer, Question } from './types.d.ts'
 */

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clickhouse, duckdb, polars } from './engines.js';
import { outputOf } from './measure.js';
import { awk, coreutils, datamash, miller, reader } from './small-tools.js';
import { operand, versionIn } from './words.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The peers on this machine with their versions, and the names of the missing ones.
 *
 * @returns {Omit<Machine, 'load'>}
 */
export function findPeers() {
  const all = peers().map((peer) => ({ ...peer, version: peer.findVersion() }));
  return {
    installed: all.filter(({ version }) => version !== undefined),
    missing: hints(all.filter(({ version }) => version === undefined)),
  };
}

/** The names of peers that one command installs, and the command. @param {readonly Peer[]} peers */
function hints(peers) {
  const commands = new Set(peers.map(({ hint }) => hint));
  return [...commands].map((command) => {
    const names = peers.filter(({ hint }) => hint === command).map(({ name }) => name);
    return `${names.join(', ')} (${command})`;
  });
}

/**
 * A peer's job for a work; undefined if it does not answer the question.
 *
 * @param {Peer} peer
 * @param {{ readonly name: string, readonly input: string, readonly question: Question, readonly feed?: string }} work
 * @param {string} cwd
 * @returns {Job | undefined}
 */
export function jobOf(peer, work, cwd) {
  const command = peer[work.question];
  if (command === undefined || peer.only?.includes(work.name) === false) return undefined;
  const feed = work.feed === 'zcat' && peer.readsGzip ? undefined : work.feed;
  const file = feed === undefined ? work.input : undefined;
  const stdin = peer.stdinOnly ? file : undefined;
  return {
    name: peer.name,
    words: command(stdin === undefined ? file : undefined),
    feed: feed === undefined ? undefined : [feed, work.input],
    stdin: stdin && `${cwd}/${stdin}`,
    once: peer.once,
    cwd,
    shown: { before: feed ? `${feed} ${work.input} | ` : '', after: stdin ? ` < ${stdin}` : '' },
  };
}

/** The command line of a job, as one would type it. @param {Job} job */
export function commandLine({ words, shown = { before: '', after: '' } }) {
  const text = words.map((word) => (word === process.execPath ? 'node' : quoted(short(word)))).join(' ');
  return `${shown.before}${text}${shown.after}`;
}

/** @param {string} word */
const short = (word) => (word.startsWith(root) ? relative(root, word) : word);

/**
 * Quotes a word for a shell. None of ours has both kinds of quotes, and none with single quotes has characters that are
 * special in double quotes.
 *
 * @param {string} word
 */
function quoted(word) {
  if (/^[\w./:,=-]+$/.test(word)) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}

/** @returns {Peer[]} */
function peers() {
  return [
    ...getStats(),
    duckdb(),
    polars(),
    clickhouse(),
    reader(),
    ...coreutils(),
    awk('mawk'),
    awk('gawk'),
    miller(),
    datamash(),
  ];
}

/** Averages have 12 decimals, to be comparable with those of others. @returns {Peer[]} */
function getStats() {
  const program = `${root}bin/get-stats`;
  const tool = [program];
  /** @param {string} name @param {readonly string[]} more @returns {Peer} */
  const variant = (name, more = []) => ({
    name,
    product: 'etlutils',
    listed: name === 'get-stats',
    hint: 'npm run build',
    findVersion: () => versionIn(outputOf(program, ['--version'])),
    answer: 'rows',
    readsGzip: true,
    stations: (file) => [...tool, ...columns, ...decimals, ...more, ...operand(file)],
    sensors: (file) => [...tool, ...decimals, ...more, ...operand(file)],
    hours: (file) => [...tool, '-w', '1h', ...decimals, ...more, ...operand(file)],
    minutes: (file) => [...tool, '-w', '1m', ...decimals, ...more, ...operand(file)],
    medians: (file) => [...tool, '-w', '1h', '--stats', 'p50', ...decimals, ...more, ...operand(file)],
    json: (file) => [...tool, ...decimals, ...more, ...operand(file)],
  });
  const columns = ['-d', ';', '--sensor', '1', '--value', '2'];
  const decimals = ['--decimals', '12'];
  const zcat = { ...variant('get-stats through zcat'), readsGzip: false, only: ['gz'] };
  return [variant('get-stats'), variant('get-stats, one thread', ['--threads', '1']), zcat];
}
