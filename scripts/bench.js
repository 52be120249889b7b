/**
 * npm run bench [-- [--quick] [--record] [--runs N] [WORK]...]: compares time and memory of get-stats, of each filter and of
 * whole pipelines with other programs. Runs all works by default; "counting" are those of get-stats. BENCHMARKS.md is rewritten
 * with all recorded results: after all works, or with --record; never with --quick, which uses a twentieth of the lines.
 * --report only rewrites it. The status is 1 if an answer differs or a program fails, whether or not targets are met.
 *
 * @import { Section, Settings } from './bench/types.d.ts'
 */

import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './bench/compare.js';
import { events } from './bench/events.js';
import { groups, growth } from './bench/growth.js';
import { kafka } from './bench/kafka.js';
import { lakes } from './bench/lakes.js';
import { ledger } from './bench/ledger.js';
import { page } from './bench/page.js';
import { findPeers } from './bench/peers.js';
import { queues } from './bench/queues.js';
import { machineText, reportText, sectionText, targetsText } from './bench/report.js';
import { readResults, withSection, writeResults } from './bench/results.js';
import { schedule } from './bench/schedule.js';
import { tasks } from './bench/tasks.js';
import { filters, starts } from './bench/tools.js';
import { weblog } from './bench/weblog.js';
import { WORKS } from './bench/works.js';

const QUICK = { parts: 20, runs: 3 };
const FULL = { parts: 1, runs: 5 };
const BUSY = 0.5;
const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Readonly<Record<string, (settings: Settings) => Promise<Section>>>} */
const counting = {
  ...Object.fromEntries(
    WORKS.map((work) => [work.name, (/** @type {Settings} */ settings) => compare(work, settings)]),
  ),
  growth,
  groups,
};
const works = new Map(
  Object.entries({
    ...counting,
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

async function main() {
  const { quick, runs, names, record, report } = options();
  if (report) return writeReport();
  const size = { ...(quick ? QUICK : FULL), ...(runs && { runs }) };
  const [load = 0] = loadavg();
  if (load > BUSY)
    process.stderr.write(`the machine is busy (load average ${load.toFixed(2)}): times will be too long\n`);
  const { installed, missing } = findPeers();
  const machine = machineText({ installed, missing, load });
  console.log(machine);
  const folder = join(root, 'bench', quick ? 'quick' : '');
  const day = new Date().toISOString().slice(0, 10);
  /** @param {Section} section */
  const keep = (section) =>
    writeResults(withSection(readResults(), { section, day, machine }, [...works.keys()]));
  const sections = await runAll(names, { ...size, folder, peers: installed }, record ? keep : () => {});
  console.log(`### Targets\n\n${targetsText(sections)}`);
  if (record) writeReport();
  else console.log('BENCHMARKS.md is not written: that takes --record, and full size');
}

function writeReport() {
  writeFileSync(join(root, 'BENCHMARKS.md'), reportText(readResults()));
  console.log('BENCHMARKS.md is written');
}

/**
 * Runs the works. One that fails sets the status to 1, and the others go on.
 *
 * @param {readonly string[]} names
 * @param {Settings} settings
 * @param {(section: Section) => void} keep called with each section as soon as it is done
 */
async function runAll(names, settings, keep) {
  const sections = [];
  for (const name of names) {
    try {
      const section = await works.get(name)?.(settings);
      if (section === undefined) continue;
      console.log(sectionText(section));
      keep(section);
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
    options: {
      quick: { type: 'boolean' },
      record: { type: 'boolean' },
      report: { type: 'boolean' },
      runs: { type: 'string' },
    },
    allowPositionals: true,
  });
  const named = positionals.flatMap((name) => (name === 'counting' ? Object.keys(counting) : [name]));
  const unknown = named.find((name) => !works.has(name));
  if (unknown !== undefined)
    throw new Error(`unknown work "${unknown}" (works: counting, ${[...works.keys()].join(', ')})`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0))
    throw new Error('--runs needs a whole number');
  if (values.quick && values.record) throw new Error('--record takes full size, without --quick');
  return {
    quick: values.quick,
    report: values.report,
    runs,
    names: named.length > 0 ? [...new Set(named)] : [...works.keys()],
    record: !values.quick && (values.record || named.length === 0),
  };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 64;
}
