// npm run bench [-- [--quick] [--runs N] [WORK]...]: time and memory of get-stats beside other programs, of every filter,
// and from start to end. Without a WORK all are run and BENCHMARKS.md is written; --quick takes a twentieth of the lines
// and writes nothing. Its status is 1 if an answer differed or a program failed, whatever the targets say.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, growth } from './bench/compare.js';
import { page } from './bench/page.js';
import { findPeers } from './bench/peers.js';
import { machineText, reportText, sectionText, targetsText } from './bench/report.js';
import { filters, starts } from './bench/tools.js';
import { weblog } from './bench/weblog.js';
import { WORKS } from './bench/works.js';

const QUICK = { parts: 20, runs: 3 };
const FULL = { parts: 1, runs: 5 };
const BUSY = 0.5;
const root = fileURLToPath(new URL('..', import.meta.url));
const works = new Map([
  ...WORKS.map((work) => [work.name, (settings) => compare(work, settings)]),
  ['growth', growth],
  ['filters', filters],
  ['starts', starts],
  ['page', page],
  ['weblog', weblog],
]);

async function main() {
  const { quick, runs, names } = options();
  const size = { ...(quick ? QUICK : FULL), ...(runs && { runs }) };
  const load = loadavg()[0];
  if (load > BUSY)
    console.error(`the machine is busy (load average ${load.toFixed(2)}): times will be too long`);
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

/** Sections of the works that went well; a work that did not makes the status 1, and the others go on. */
async function runAll(names, settings) {
  const sections = [];
  for (const name of names) {
    try {
      const section = await works.get(name)(settings);
      console.log(sectionText(section));
      sections.push(section);
    } catch (error) {
      process.exitCode = 1;
      console.error(`FAILED: ${name}: ${error.message}\n`);
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
    throw new Error(`no work "${unknown}"; there are ${[...works.keys()].join(', ')}`);
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
  console.error(`bench: ${error.message}`);
  process.exitCode = 64;
}
