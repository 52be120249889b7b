/**
 * Runs a work with every peer in turn, checks each answer of each run, and reports the results.
 *
 * @import { Answer, Job, Peer, Question, Result, Section, Settings, Target, Work } from './types.d.ts'
 */

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkNumber, checkTotal, compareRows, parseRows } from './answers.js';
import { COSTS, costsOf } from './cells.js';
import { input, lineCount } from './data.js';
import { interleave, warm } from './measure.js';
import { commandLine, jobOf } from './peers.js';
import { MAX_MEMORY } from './works.js';

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
  const check = checker(work.question, lines, statSync(path.replace(/\.gz$/, '')).size);
  warm(path);
  const jobs = peers.flatMap((peer) => {
    const job = jobOf(peer, work, folder);
    return job === undefined ? [] : [checked(job, peer, check, folder)];
  });
  const results = await interleave(jobs, runs);
  return {
    name: work.name,
    title: work.title,
    size: `${lines / 1e6} million lines, ${Math.round(statSync(path).size / 1e6)} MB; ${rowsOf(check)}`,
    ...table(results),
    commands: jobs.map(commandLine),
    targets: targetsOf(work, results),
  };
}

/** @typedef {Readonly<Record<Answer, (text: string) => void>> & { rowCount(): number }} Checks */

/** @param {Checks} checks */
const rowsOf = ({ rowCount }) => `${rowCount().toLocaleString('en')} ${rowCount() === 1 ? 'row' : 'rows'}`;

/**
 * Checks for the output of peers. The first answer in rows, from get-stats, is the reference for all others.
 *
 * @param {Question} question
 * @param {number} lines
 * @param {number} bytes
 * @returns {Checks}
 */
export function checker(question, lines, bytes) {
  /** @type {ReturnType<typeof parseRows> | undefined} */
  let expected;
  const right = new Set();
  /** @param {string} text */
  const rows = (text) => {
    const digest = createHash('sha1').update(text).digest('hex');
    // Comparing a million rows takes longer than counting them, and most programs print the same bytes in each run.
    if (right.has(digest)) return;
    const answer = parseRows(text, question);
    checkTotal(answer, lines);
    expected ??= answer;
    compareRows(answer, expected);
    right.add(digest);
  };
  return {
    rows,
    lines: (text) => checkNumber(text, lines),
    bytes: (text) => checkNumber(text, bytes),
    rowCount: () => expected?.size ?? 0,
  };
}

/**
 * The job with its output in a file that is checked after each run.
 *
 * @param {Job} job
 * @param {Peer} peer
 * @param {Checks} checks
 * @param {string} folder
 * @returns {Job}
 */
export function checked(job, { answer }, checks, folder) {
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
  const duckdb = resultOf(results, 'DuckDB');
  const reader = resultOf(results, 'bare Node reader');
  return {
    header: ['', ...COSTS, '/ DuckDB', '/ bare reader', 'runs'],
    rows: results.map((result) => [
      result.job.name,
      ...costsOf(result),
      ratio(result.seconds, duckdb.seconds),
      ratio(result.seconds, reader.seconds),
      String(result.runs),
    ]),
  };
}

/** Names of the targets. */
const WHAT = { seconds: 'time', cpu: 'CPU time', peak: 'peak memory' };

/** @param {Work} work @param {readonly Result[]} results @returns {Target[]} */
function targetsOf({ targets, mostMemory = MAX_MEMORY }, results) {
  const [own] = results;
  const ratios = targets.map(({ of = 'seconds', beside, most }) => ({
    what: `${WHAT[of]} vs ${beside}`,
    measured: own[of] / resultOf(results, beside)[of],
    most,
  }));
  if (mostMemory === Number.POSITIVE_INFINITY) return ratios;
  return [...ratios, { what: 'peak memory', measured: own.peak, most: mostMemory, unit: 'MB' }];
}

const NOTHING = { seconds: Number.NaN, cpu: Number.NaN, peak: Number.NaN };

/** @param {readonly Result[]} results @param {string} name */
const resultOf = (results, name) => results.find(({ job }) => job.name === name) ?? NOTHING;
/** @param {number} one @param {number} other */
const ratio = (one, other) => (Number.isNaN(other) ? '-' : (one / other).toFixed(2));
