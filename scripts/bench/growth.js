/**
 * How the cost of get-stats grows with lines and groups.
 *
 * @import { Job, Section, Settings } from './types.d.ts'
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { checkGroups } from './answers.js';
import { COSTS, costsOf } from './cells.js';
import { checked, checker } from './compare.js';
import { input, lineCount } from './data.js';
import { interleave, warm } from './measure.js';
import { commandLine, jobOf } from './peers.js';
import { MAX_GROWTH, MAX_GROWTH_OF_GROUPS, MAX_MEMORY } from './works.js';

const MEBI = 1 << 20;

/**
 * Peak memory and time for 20 and 100 million lines.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function growth({ peers: [own], folder, runs, parts }) {
  /** @type {Job[]} */
  const jobs = [];
  for (const name of ['stations.txt', 'stations-5x.txt']) {
    const path = await input(name, folder, parts);
    warm(path);
    const lines = lineCount(name, parts);
    const job = ownJob(own, 'growth', name, 'stations', folder);
    const check = checker('stations', lines, statSync(path).size);
    jobs.push(checked({ ...job, name: `${lines / 1e6} million lines` }, own, check, folder));
  }
  const results = await interleave(jobs, runs);
  const [small, large] = results.map(({ peak }) => peak);
  return {
    name: 'growth',
    title: 'Five times the lines, 413 stations',
    header: ['get-stats', ...COSTS],
    rows: results.map((result) => [result.job.name, ...costsOf(result)]),
    targets: [
      { what: 'peak memory vs a fifth of the lines', measured: large / small, most: MAX_GROWTH },
      { what: 'peak memory', measured: large, most: MAX_MEMORY, unit: 'MB' },
    ],
  };
}

/**
 * Time and memory per sensor, for 10,000 to 4 million sensors with about five readings each.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function groups({ peers: [own], folder, runs, parts }) {
  /** @type {(Job & { readonly groups: () => number })[]} */
  const jobs = [];
  for (const name of ['paths-10k.csv', 'paths-100k.csv', 'paths.csv', 'paths-4m.csv']) {
    const path = await input(name, folder, parts);
    warm(path);
    const lines = lineCount(name, parts);
    const job = ownJob(own, 'groups', name, 'sensors', folder);
    jobs.push(groupsJob({ ...job, name: lines.toLocaleString('en') }, lines));
  }
  const results = await interleave(jobs, runs);
  const counts = results.map(({ job }) => job.groups());
  const shown = counts.map((count) => count.toLocaleString('en'));
  const perSensor = results.map(({ seconds }, at) => seconds / counts[at]);
  const steps = perSensor.map((time, at) => time / (perSensor[at - 1] ?? Number.NaN));
  return {
    name: 'groups',
    title: 'CSV with RFC 3339 times: thousands to millions of sensors, about five readings each',
    size: `${jobs[0].name} to ${jobs[3].name} lines`,
    header: ['sensors', ...COSTS, 'µs per sensor', '/ the row above', 'bytes per sensor'],
    rows: results.map((result, at) => [
      shown[at],
      ...costsOf(result),
      (perSensor[at] * 1e6).toFixed(2),
      at === 0 ? '-' : steps[at].toFixed(2),
      ((result.peak * MEBI) / counts[at]).toFixed(0),
    ]),
    commands: jobs.map(commandLine),
    targets: steps.slice(1).map((measured, at) => ({
      what: `time per sensor: ${shown[at + 1]} vs ${shown[at]}`,
      measured,
      most: MAX_GROWTH_OF_GROUPS,
    })),
  };
}

/**
 * The job with a check of its rows after each run, which yields the number of groups.
 *
 * @param {Job} job
 * @param {number} lines
 */
function groupsJob(job, lines) {
  const stdout = join(job.cwd, 'answer.txt');
  let found = 0;
  const after = async () => {
    found = await checkGroups(stdout, lines);
  };
  return { ...job, stdout, after, groups: () => found };
}

/**
 * @param {Settings['peers'][number]} own
 * @param {string} name
 * @param {string} file
 * @param {'stations' | 'sensors'} question
 * @param {string} folder
 */
function ownJob(own, name, file, question, folder) {
  const job = jobOf(own, { name, input: file, question }, folder);
  if (job === undefined) throw new Error('get-stats does not answer');
  return job;
}
