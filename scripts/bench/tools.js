/**
 * The project's own tools: a million lines through every filter, and the start-up of each tool with 60 lines.
 *
 * @import { Job, Section, Settings } from './types.d.ts'
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COSTS, costsOf } from './cells.js';
import { input, lineCount } from './data.js';
import { interleave, warm } from './measure.js';
import { MAX_START } from './works.js';

const STARTS = 15;
const FRESH = ['window.log', 'old.log', 'bench.db', 'bench.db-wal', 'bench.db-shm'];
const FIRST = '2024-01-01T00:00:00Z';
/** Input, tool, and arguments. @type {[string | undefined, string, ...string[]][]} */
const FILTERS = [
  ['readings.log', 'buffer-tail', '-n', '60'],
  ['readings.log', 'buffer-tail', '-n', '60', 'window.log'],
  ['readings.log', 'buffer-tail', '-n', '60', '--overflow', 'old.log', 'window.log'],
  ['readings.log', 'buffer-tail', '--last', '1h'],
  ['readings.log', 'get-stats'],
  ['readings.log', 'get-stats', '-w', '1h'],
  ['readings.log', 'get-stats', '-w', '1h', '--stats', 'stddev,p50'],
  ['readings.log', 'get-stats', '-w', '1h', '--live'],
  ['rows.csv', 'load-stats', '--to', 'bench.db'],
];

/** @param {string} tool */
const bin = (tool) => fileURLToPath(new URL(`../../bin/${tool}`, import.meta.url));

/**
 * A section of the report: the cost of every filter, and its lines per second.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function filters({ folder, runs, parts }) {
  const lines = lineCount('readings.log', parts);
  /** @type {Job[]} */
  const jobs = [];
  for (const [name, tool, ...words] of [...FILTERS, simulation(lines)]) {
    const stdin = name === undefined ? undefined : await input(name, folder, parts);
    if (stdin) warm(stdin);
    const before = () => removeOutputs(folder);
    jobs.push({ name: [tool, ...words].join(' '), words: [bin(tool), ...words], cwd: folder, stdin, before });
  }
  const results = await interleave(jobs, runs);
  return {
    name: 'filters',
    title: 'Every filter',
    size: `${lines.toLocaleString('en')} lines`,
    header: ['', ...COSTS, 'lines/s'],
    rows: results.map((result) => [
      `\`${result.job.name}\``,
      ...costsOf(result),
      `${Math.round(lines / result.seconds / 1000)}k`,
    ]),
    targets: [],
  };
}

/**
 * This many readings of the simulated sensor, a second apart.
 *
 * @param {number} lines
 * @returns {(typeof FILTERS)[number]}
 */
function simulation(lines) {
  const end = `${new Date(Date.parse(FIRST) + lines * 1000).toISOString().slice(0, 19)}Z`;
  return [undefined, 'get-temp', 'sim:', '--from', FIRST, '--to', end, '--every', '1s'];
}

/**
 * A section of the report: the time of each tool with next to no input, as a ratio to bare Node.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function starts({ folder }) {
  const stdin = await input('tiny.log', folder);
  removeOutputs(folder);
  await interleave(
    [job('get-stats', [bin('get-stats')], { folder, stdin, stdout: join(folder, 'tiny.csv') })],
    1,
  );
  const jobs = [
    job('node -e 0', [process.execPath, '-e', '0'], { folder, stdin }),
    job('buffer-tail', [bin('buffer-tail'), 'window.log'], { folder, stdin }),
    job('get-stats', [bin('get-stats')], { folder, stdin }),
    job('load-stats --dry-run', [bin('load-stats'), '--dry-run', 'tiny.csv'], { folder, stdin }),
    job('load-stats', [bin('load-stats'), '--to', 'bench.db', 'tiny.csv'], { folder, stdin }),
    job('get-temp', [bin('get-temp'), 'sim:'], { folder, stdin }),
  ];
  const [bare, ...tools] = await interleave(jobs, STARTS);
  return {
    name: 'starts',
    title: 'Start-up: whole runs on 60 lines',
    size: `60 lines; median of ${STARTS} runs`,
    header: ['', '/ `node -e 0`'],
    rows: tools.map((tool) => [tool.job.name, (tool.seconds / bare.seconds).toFixed(2)]),
    targets: tools.map((tool) => ({
      what: `${tool.job.name} vs \`node -e 0\``,
      measured: tool.seconds / bare.seconds,
      most: MAX_START,
    })),
  };
}

/**
 * A job without peaks, because the program that measures them takes time to start too.
 *
 * @param {string} name
 * @param {readonly string[]} words
 * @param {{ folder: string, stdin: string, stdout?: string }} files
 * @returns {Job}
 */
function job(name, words, { folder, ...files }) {
  return { name, words, cwd: folder, peaks: false, ...files };
}

/** @param {string} folder */
function removeOutputs(folder) {
  for (const name of FRESH) rmSync(join(folder, name), { force: true });
}
