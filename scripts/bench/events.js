/**
 * get-events compared with a bare reader of the same stream, from a server on loopback, which occupies one core.
 *
 * @import { Job, Section, Settings } from './types.d.ts'
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COSTS, costsOf } from './cells.js';
import { interleave } from './measure.js';
import { MIN_EVENTS } from './works.js';

const EVENTS = 1_000_000;
const STATE = 'bench.state';

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/**
 * A section of the report: the cost of each program, and its events per second.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function events({ folder, runs, parts }) {
  const count = String(EVENTS / parts);
  mkdirSync(folder, { recursive: true });
  const server = spawn(process.execPath, [path('scripts/bench/event-server.js'), count], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(server, 'close');
  try {
    const { value: url } = await createInterface(server.stdout)[Symbol.asyncIterator]().next();
    return section(await interleave(jobs(url, count, folder), runs), Number(count));
  } finally {
    server.stdin.end();
    await closed;
  }
}

/** @param {string} url @param {string} count @param {string} folder @returns {Job[]} */
function jobs(url, count, folder) {
  const own = [path('bin/get-events'), url, '--count', count];
  const command = ['--', 'sh', '-c', 'cat > /dev/null'];
  const common = { cwd: folder, before: () => rmSync(join(folder, STATE), { force: true }) };
  return [
    {
      name: 'bare Node reader',
      words: [process.execPath, path('scripts/bench/event-reader.js'), url, count],
    },
    { name: 'get-events', words: own },
    { name: 'get-events --state', words: [...own, '--state', STATE] },
    { name: 'get-events --state -- CMD', words: [...own, '--state', STATE, ...command] },
    {
      name: 'get-events --state --batch 10000 -- CMD',
      words: [...own, '--state', STATE, '--batch', '10000', ...command],
    },
  ].map((job) => ({ ...common, ...job }));
}

/** @param {Awaited<ReturnType<typeof interleave>>} results @param {number} count @returns {Section} */
function section(results, count) {
  const [, printed] = results;
  const perMany = ((printed?.seconds ?? Number.NaN) * MIN_EVENTS * 1000) / count;
  return {
    name: 'events',
    title: 'A stream of events',
    size: `${count.toLocaleString('en')} events of 170 bytes; CMD is \`sh -c 'cat > /dev/null'\``,
    header: ['', ...COSTS, 'events/s'],
    rows: results.map((result) => [
      `\`${result.job.name}\``,
      ...costsOf(result),
      `${Math.round(count / result.seconds / 1000)}k`,
    ]),
    targets: [
      { what: `time of get-events for ${MIN_EVENTS} events`, measured: perMany, most: 1000, unit: 'ms' },
    ],
  };
}
