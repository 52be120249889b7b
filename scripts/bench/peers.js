/**
 * The programs that are measured, each in the fastest fair form that we found of it. Those that print rows print lines of
 * keys, count, minimum, maximum and average, so that answers can be compared.
 *
 * @import { Command, Job, Machine, Peer, Question } from './types.d.ts'
 */

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { duckdbPackage, INSTALL_DUCKDB } from './duckdb-package.js';
import { outputOf } from './measure.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** @param {string} name */
const script = (name) => [process.execPath, fileURLToPath(new URL(name, import.meta.url))];

/**
 * The peers on this machine with their versions, and the names of those that are missing.
 *
 * @returns {Omit<Machine, 'load'>}
 */
export function findPeers() {
  const all = peers().map((peer) => ({ ...peer, version: peer.findVersion() }));
  return {
    installed: all.filter(({ version }) => version !== undefined),
    missing: all.filter(({ version }) => version === undefined).map(({ name, hint }) => `${name} (${hint})`),
  };
}

/**
 * The job of a peer in a work; undefined if it does not answer the question.
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

/** The command line of a job as one would type it. @param {Job} job */
export function commandLine({ words, shown = { before: '', after: '' } }) {
  const text = words.map((word) => (word === process.execPath ? 'node' : quoted(short(word)))).join(' ');
  return `${shown.before}${text}${shown.after}`;
}

/** @param {string} word */
const short = (word) => (word.startsWith(root) ? relative(root, word) : word);

/**
 * A word quoted for a shell. No word of ours has quotes of both kinds, and none with single quotes has characters that are
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
    reader(),
    ...coreutils(),
    awk('mawk'),
    awk('gawk', true),
    miller(),
    datamash(),
  ];
}

/** Averages have 12 decimals, so that they can be compared with those of others. @returns {Peer[]} */
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
    hours: (file) => [...tool, '-w', '1h', ...decimals, ...more, ...operand(file)],
    sensors: (file) => [...tool, ...decimals, ...more, ...operand(file)],
    json: (file) => [...tool, ...decimals, ...more, ...operand(file)],
  });
  const columns = ['-d', ';', '--sensor', '1', '--value', '2'];
  const decimals = ['--decimals', '12'];
  const zcat = { ...variant('get-stats through zcat'), readsGzip: false, only: ['gz'] };
  const oneThread = outputOf(program, ['--help']).includes('--threads')
    ? [variant('get-stats, one thread', ['--threads', '1'])]
    : [];
  return [variant('get-stats'), ...oneThread, zcat];
}

/**
 * Every column has its type, nothing is guessed; blocks of 4 MB are as fast as larger ones and take less memory.
 *
 * @returns {Peer}
 */
function duckdb() {
  /** @param {string} query */
  const copy = (query) => [
    ...script('duckdb.js'),
    `COPY (${query}) TO '/dev/stdout' (FORMAT csv, DELIMITER ';', HEADER false, TIMESTAMPFORMAT '%Y-%m-%dT%H')`,
  ];
  const from = (file = '/dev/stdin') => `'${file}'`;
  /** @param {string | undefined} file @param {string} delimiter @param {string} columns */
  const csv = (file, delimiter, columns) =>
    `read_csv(${from(file)}, auto_detect=false, header=false, delim='${delimiter}', quote='', escape='', buffer_size=4000000, columns={${columns}})`;
  /** @param {string | undefined} file */
  const json = (file) =>
    `read_json(${from(file)}, format='newline_delimited', columns={sensor: 'VARCHAR', value: 'DOUBLE'})`;
  const answers = 'count(*), min(value), max(value), avg(value)';
  const number = "value: 'DECIMAL(6,2)'";
  return {
    name: 'DuckDB',
    hint: INSTALL_DUCKDB,
    findVersion: () => duckdbPackage()?.version,
    answer: 'rows',
    readsGzip: true,
    stations: (file) =>
      copy(
        `SELECT sensor, ${answers} FROM ${csv(file, ';', "sensor: 'VARCHAR', value: 'DECIMAL(4,1)'")} GROUP BY 1 ORDER BY 1`,
      ),
    hours: (file) =>
      copy(
        `SELECT sensor, date_trunc('hour', time), ${answers} FROM ${csv(file, ',', `time: 'TIMESTAMP', sensor: 'VARCHAR', ${number}`)} GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    sensors: (file) =>
      copy(
        `SELECT sensor, ${answers} FROM ${csv(file, ',', `time: 'VARCHAR', sensor: 'VARCHAR', ${number}`)} GROUP BY 1 ORDER BY 1`,
      ),
    json: (file) => copy(`SELECT sensor, ${answers} FROM ${json(file)} GROUP BY 1 ORDER BY 1`),
  };
}

/** @returns {Peer} */
function reader() {
  return {
    name: 'bare Node reader',
    listed: false,
    findVersion: () => process.version,
    answer: 'bytes',
    ...always((file) => [...script('reader.js'), ...operand(file)]),
  };
}

/** @returns {Peer[]} */
function coreutils() {
  const findVersion = () => versionIn(outputOf('wc', ['--version']));
  const hint = 'GNU coreutils';
  return [
    {
      name: 'wc -l',
      product: 'GNU coreutils',
      hint,
      findVersion,
      answer: 'lines',
      ...always((file) => ['wc', '-l', ...operand(file)]),
    },
    { name: 'cat', listed: false, hint, findVersion, ...always((file) => ['cat', ...operand(file)]) },
  ];
}

/** @param {string} name @param {boolean} once @returns {Peer} */
function awk(name, once = false) {
  /** @param {string} key @param {string} value */
  const program = (key, value) =>
    `{ k = ${key}; v = ${value} + 0; if (n[k]++) { if (v < a[k]) a[k] = v; else if (v > b[k]) b[k] = v; s[k] += v } else a[k] = b[k] = s[k] = v } END { for (k in n) printf "%s;%d;%.17g;%.17g;%.17g\\n", k, n[k], a[k], b[k], s[k] / n[k] }`;
  /** @type {(delimiter: string, key: string, value: string) => Command} */
  const command = (delimiter, key, value) => (file) => [
    name,
    `-F${delimiter}`,
    program(key, value),
    ...operand(file),
  ];
  return {
    name,
    hint: `apt install ${name}`,
    findVersion: () => versionIn(outputOf(name, ['-W', 'version'])),
    answer: 'rows',
    once,
    stations: command(';', '$1', '$2'),
    hours: command(',', '$2 ";" substr($1, 1, 13)', '$3'),
    sensors: command(',', '$2', '$3'),
  };
}

/** Its NIDX reader is the fastest of those that split at one character. @returns {Peer} */
function miller() {
  const out = ['--ocsv', '--ofs', ';', '--headerless-csv-output'];
  /** @param {string} value @param {string} keys */
  const stats = (value, keys) => ['stats1', '-a', 'count,min,max,mean', '-f', value, '-g', keys];
  /** @param {string} delimiter */
  const split = (delimiter) => ['mlr', '--inidx', '--ifs', delimiter, ...out];
  return {
    name: 'Miller',
    hint: 'apt install miller',
    findVersion: () => versionIn(outputOf('mlr', ['--version'])),
    answer: 'rows',
    once: true,
    stations: (file) => [...split(';'), ...stats('2', '1'), ...operand(file)],
    hours: (file) => [
      ...split(','),
      'put',
      '$hour = $1[1:13]',
      'then',
      ...stats('3', '2,hour'),
      ...operand(file),
    ],
    sensors: (file) => [...split(','), ...stats('3', '2'), ...operand(file)],
    json: (file) => ['mlr', '--ijsonl', ...out, ...stats('value', 'sensor'), ...operand(file)],
  };
}

/** @returns {Peer} */
function datamash() {
  /** @type {(delimiter: string, key: string, value: string) => Command} */
  const command = (delimiter, key, value) => () => [
    'datamash',
    '-t',
    delimiter,
    '-s',
    '-g',
    key,
    ...['count', 'min', 'max', 'mean'].flatMap((what) => [what, value]),
  ];
  return {
    name: 'datamash',
    hint: 'apt install datamash',
    findVersion: () => versionIn(outputOf('datamash', ['--version'])),
    answer: 'rows',
    once: true,
    stdinOnly: true,
    stations: command(';', '1', '2'),
    sensors: command(',', '2', '3'),
  };
}

/** @param {Command} command */
const always = (command) => ({ stations: command, hours: command, sensors: command, json: command });
/** @param {string | undefined} file */
const operand = (file) => (file === undefined ? [] : [file]);
/** @param {string} text */
const versionIn = (text) => /\d+(\.\d+)+( \d{8})?/.exec(text)?.[0];
