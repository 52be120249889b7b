// Runs one work with every peer in turn, checks every answer of every run, and says what came of it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkNumber, checkTotal, compareRows, parseRows } from './answers.js';
import { input, lineCount } from './data.js';
import { interleave, warm } from './measure.js';
import { commandLine, jobOf } from './peers.js';
import { MOST_GROWTH, MOST_MEMORY } from './works.js';

/** A section of the report: the table, the command lines, and our targets with what was measured. */
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
    commands: jobs.map((job) => [job.name, commandLine(job)]),
    targets: targetsOf(work, results),
  };
}

/** Peak memory and time of get-stats for 20 and 100 million lines. */
export async function growth({ peers, folder, runs, parts }) {
  const names = ['stations.txt', 'stations-5x.txt'];
  const jobs = [];
  for (const name of names) {
    const path = await input(name, folder, parts);
    warm(path);
    const lines = lineCount(name, parts);
    const job = jobOf(peers[0], { input: name, question: 'stations' }, folder);
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

/** Checks texts of a kind; the first answer in rows, that of get-stats, is the one that all others must agree with. */
function checker(lines, bytes) {
  let expected;
  const rows = (text) => {
    const answer = parseRows(text);
    checkTotal(answer, lines);
    expected ??= answer;
    compareRows(answer, expected);
  };
  return { rows, lines: (text) => checkNumber(text, lines), bytes: (text) => checkNumber(text, bytes) };
}

/** The job with its output in a file, which is checked after each run. */
function checked(job, peer, check, folder) {
  if (peer.answer === undefined) return job;
  const stdout = join(folder, 'answer.txt');
  const after = () => {
    try {
      check[peer.answer](readFileSync(stdout, 'utf8'));
    } catch (error) {
      throw new Error(
        `the answer of ${job.name} is wrong or differs from that of get-stats: ${error.message}`,
      );
    }
  };
  return { ...job, stdout, after };
}

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

const secondsOf = (results, name) => results.find(({ job }) => job.name === name)?.seconds ?? Number.NaN;
const ratio = (one, other) => (Number.isNaN(other) ? '-' : (one / other).toFixed(2));
const timesOf = ({ seconds, fastest, slowest }) => [
  seconds.toFixed(2),
  `${fastest.toFixed(2)} to ${slowest.toFixed(2)}`,
];
const peakOf = ({ peak }) => peak.toFixed(0);
const millions = (lines) => `${lines / 1e6} million lines`;
