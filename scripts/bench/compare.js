/**
 * Runs a work with every peer in turn, checks every answer of every run, and reports the results.
 *
 * @import { Answer, Job, Peer, Result, Section, Settings, Target, Work } from './types.d.ts'
 */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkNumber, checkTotal, compareRows, parseRows } from './answers.js';
import { input, lineCount } from './data.js';
import { interleave, warm } from './measure.js';
import { commandLine, jobOf } from './peers.js';
import { MOST_GROWTH, MOST_MEMORY } from './works.js';

/**
 * A section of the report: the table, the command lines, and our targets with the measured values.
 *
 * @param {Work} work
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function compare(work, { peers, folder, runs, parts }) {
  const path = await input(work.input, folder, parts);
  const lines = lineCount(work.input, parts);
  const check = checker(lines, statSync(path.replace(/\.gz$/, '')).size);
  warm(path);
  const jobs = peers.flatMap((peer) => {
    const job = jobOf(peer, work, folder);
    return job === undefined ? [] : [checked(job, peer, check, folder)];
  });
  const results = await interleave(jobs, runs);
  return {
    name: work.name,
    title: work.title,
    size: `${millions(lines)}, ${Math.round(statSync(path).size / 1e6)} MB`,
    ...table(results),
    commands: jobs.map(commandLine),
    targets: targetsOf(work, results),
  };
}

/**
 * Peak memory and time of get-stats for 20 and 100 million lines.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function growth({ peers, folder, runs, parts }) {
  const names = ['stations.txt', 'stations-5x.txt'];
  /** @type {Job[]} */
  const jobs = [];
  for (const name of names) {
    const path = await input(name, folder, parts);
    warm(path);
    const lines = lineCount(name, parts);
    const job = jobOf(peers[0], { name: 'growth', input: name, question: 'stations' }, folder);
    if (job === undefined) throw new Error('get-stats does not answer');
    const check = checker(lines, statSync(path).size);
    jobs.push(checked({ ...job, name: millions(lines) }, peers[0], check, folder));
  }
  const results = await interleave(jobs, runs);
  const [small, large] = results.map(({ peak }) => peak);
  return {
    name: 'growth',
    title: 'Five times the lines, 413 stations',
    header: ['get-stats', 'seconds', 'fastest to slowest', 'peak MB'],
    rows: results.map((result) => [result.job.name, ...timesOf(result), peakOf(result)]),
    targets: [
      { what: 'peak memory beside that of a fifth', measured: large / small, most: MOST_GROWTH },
      { what: 'peak memory', measured: large, most: MOST_MEMORY, unit: 'MB' },
    ],
  };
}

/** @typedef {Readonly<Record<Answer, (text: string) => void>>} Checks */

/**
 * Checks of the texts that peers print. The first answer in rows, from get-stats, is the one that all others must agree with.
 *
 * @param {number} lines
 * @param {number} bytes
 * @returns {Checks}
 */
function checker(lines, bytes) {
  /** @type {ReturnType<typeof parseRows> | undefined} */
  let expected;
  /** @param {string} text */
  const rows = (text) => {
    const answer = parseRows(text);
    checkTotal(answer, lines);
    expected ??= answer;
    compareRows(answer, expected);
  };
  return { rows, lines: (text) => checkNumber(text, lines), bytes: (text) => checkNumber(text, bytes) };
}

/**
 * The job with its output in a file, which is checked after each run.
 *
 * @param {Job} job
 * @param {Peer} peer
 * @param {Checks} checks
 * @param {string} folder
 * @returns {Job}
 */
function checked(job, { answer }, checks, folder) {
  if (answer === undefined) return job;
  const stdout = join(folder, 'answer.txt');
  const after = () => {
    try {
      checks[answer](readFileSync(stdout, 'utf8'));
    } catch (cause) {
      throw new Error(`the answer of ${job.name} is wrong or differs from that of get-stats: ${cause}`, {
        cause,
      });
    }
  };
  return { ...job, stdout, after };
}

/** @param {readonly Result[]} results */
function table(results) {
  const duckdb = secondsOf(results, 'DuckDB');
  const reader = secondsOf(results, 'bare Node reader');
  return {
    header: ['', 'seconds', 'fastest to slowest', '/ DuckDB', '/ bare reader', 'peak MB', 'runs'],
    rows: results.map((result) => [
      result.job.name,
      ...timesOf(result),
      ratio(result.seconds, duckdb),
      ratio(result.seconds, reader),
      peakOf(result),
      String(result.runs),
    ]),
  };
}

/** @param {Work} work @param {readonly Result[]} results @returns {Target[]} */
function targetsOf({ targets, mostMemory = MOST_MEMORY }, results) {
  const [own] = results;
  const times = targets.map(({ beside, most }) => ({
    what: `time beside ${beside}`,
    measured: own.seconds / secondsOf(results, beside),
    most,
  }));
  if (mostMemory === Number.POSITIVE_INFINITY) return times;
  return [...times, { what: 'peak memory', measured: own.peak, most: mostMemory, unit: 'MB' }];
}

/** @param {readonly Result[]} results @param {string} name */
const secondsOf = (results, name) => results.find(({ job }) => job.name === name)?.seconds ?? Number.NaN;
/** @param {number} one @param {number} other */
const ratio = (one, other) => (Number.isNaN(other) ? '-' : (one / other).toFixed(2));
/** @param {Result} result */
const timesOf = ({ seconds, fastest, slowest }) => [
  seconds.toFixed(2),
  `${fastest.toFixed(2)} to ${slowest.toFixed(2)}`,
];
/** @param {Result} result */
const peakOf = ({ peak }) => peak.toFixed(0);
/** @param {number} lines */
const millions = (lines) => `${lines / 1e6} million lines`;
