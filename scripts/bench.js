/**
 * npm run bench [-- [--quick] [--runs N] [WORK]...]: time and memory of get-stats beside other programs, of every filter, and
 * from start to end. Without a WORK it runs all of them and writes BENCHMARKS.md; --quick takes a twentieth of the lines and
 * writes nothing. The status is 1 if an answer differs or a program fails, whether or not targets are met.
 *
 * @import { Section, Settings } from './bench/types.d.ts'
 */

import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, growth } from './bench/compare.js';
import { events } from './bench/events.js';
import { kafka } from './bench/kafka.js';
import { lakes } from './bench/lakes.js';
import { ledger } from './bench/ledger.js';
import { page } from './bench/page.js';
import { findPeers } from './bench/peers.js';
import { queues } from './bench/queues.js';
import { machineText, reportText, sectionText, targetsText } from './bench/report.js';
import { schedule } from './bench/schedule.js';
import { tasks } from './bench/tasks.js';
import { filters, starts } from './bench/tools.js';
import { weblog } from './bench/weblog.js';
import { WORKS } from './bench/works.js';

const QUICK = { parts: 20, runs: 3 };
const FULL = { parts: 1, runs: 5 };
const BUSY = 0.5;
const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Map<string, (settings: Settings) => Promise<Section>>} */
const works = new Map(
  Object.entries({
    growth,
    filters,
    starts,
    page,
    weblog,
    queues,
    kafka,
    events,
    lakes,
    schedule,
    ledger,
    tasks,
  }),
);
for (const work of WORKS) works.set(work.name, (settings) => compare(work, settings));

async function main() {
  const { quick, runs, names } = options();
  const size = { ...(quick ? QUICK : FULL), ...(runs && { runs }) };
  const [load = 0] = loadavg();
  if (load > BUSY)
    process.stderr.write(`the machine is busy (load average ${load.toFixed(2)}): times will be too long\n`);
  const { installed, missing } = findPeers();
  const machine = { installed, missing, load };
  console.log(machineText(machine));
  const folder = join(root, 'bench', quick ? 'quick' : '');
  const sections = await runAll(names, { ...size, folder, peers: installed });
  console.log(`### Targets\n\n${targetsText(sections)}`);
  if (quick || sections.length < works.size) {
    console.log('BENCHMARKS.md is not written: that takes all works, in full size and without a failure');
    return;
  }
  writeFileSync(join(root, 'BENCHMARKS.md'), reportText({ sections, machine, runs: size.runs }));
  console.log('BENCHMARKS.md is written');
}

/**
 * The sections of the works that succeed; one that fails makes the status 1, and the others go on.
 *
 * @param {readonly string[]} names
 * @param {Settings} settings
 */
async function runAll(names, settings) {
  const sections = [];
  for (const name of names) {
    try {
      const section = await works.get(name)?.(settings);
      if (section === undefined) continue;
      console.log(sectionText(section));
      sections.push(section);
    } catch (error) {
      process.exitCode = 1;
      process.stderr.write(`FAILED: ${name}: ${error}\n\n`);
    }
  }
  return sections;
}

function options() {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean' }, runs: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !works.has(name));
  if (unknown !== undefined)
    throw new Error(`unknown work "${unknown}" (works: ${[...works.keys()].join(', ')})`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0))
    throw new Error('--runs needs a whole number');
  return {
    quick: values.quick,
    runs,
    names: positionals.length > 0 ? [...new Set(positionals)] : [...works.keys()],
  };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 64;
}
