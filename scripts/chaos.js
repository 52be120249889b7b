/**
 * npm run chaos [-- [--most N] [--seed N] [--round N] [--keep] [--json] [--results FILE] [--list] [ATTACK]...]: attacks all
 * tools, and reports in RELIABILITY.md what was lost, duplicated, torn, hung or a bug.
 *
 * An ATTACK is a family ("kill") or one of its subjects ("kill: buffer-tail -n 60"); --list prints all of them. "control"
 * attacks programs with known weaknesses. --most N limits the rounds of each attack, which the seed selects; --round N runs
 * only that round; --keep keeps its files. --results appends each result to FILE, and skips attacks whose last result there
 * has no findings: so a long run can be resumed, and fixed faults are attacked again. RELIABILITY.md is written once all
 * attacks have run. The status is 1 if anything was found. It needs cc; as root it also mounts small file systems and runs
 * tools as nobody.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ATTACKS } from './chaos/attacks.js';
import { controlAttacks } from './chaos/control.js';
import { Lab, nameOf } from './chaos/lab.js';
import { pageText, repeatText, rowText } from './chaos/page.js';
import { root } from './chaos/run.js';

/** @typedef {import('./chaos/lab.js').Result} Result */

const { values, positionals } = parseArgs({
  options: {
    most: { type: 'string' },
    seed: { type: 'string', default: '1' },
    round: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    results: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

// Mounts and processes are cleaned up on exit, which a signal would skip.
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));

const most = values.most === undefined ? undefined : Number(values.most);
const chosen = positionals.length === 0 ? ATTACKS : positionals.flatMap(attacksCalled);
if (values.list) for (const attack of chosen) console.log(nameOf(attack));
else await playAll();

/** @param {string} name */
function attacksCalled(name) {
  const found = [...ATTACKS, ...controlAttacks].filter(
    (attack) => nameOf(attack) === name || attack.family === name,
  );
  if (found.length === 0) throw new Error(`no attack "${name}" (see --list)`);
  return found;
}

async function playAll() {
  const lab = new Lab({ seed: Number(values.seed), keep: values.keep });
  const began = performance.now();
  /** @type {Result[]} */
  const results = [];
  try {
    const limits = {
      ...(most !== undefined && { most }),
      ...(values.round !== undefined && { only: Number(values.round) }),
    };
    const known = values.results === undefined ? new Map() : resultsIn(values.results);
    for (const attack of chosen) {
      const before = known.get(nameOf(attack));
      const result = before?.findings.length === 0 ? before : await lab.play(attack, limits);
      results.push(result);
      say(result);
      if (values.results !== undefined && result !== before)
        appendFileSync(values.results, `${JSON.stringify(result)}\n`);
    }
  } finally {
    lab.close();
  }
  if (results.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
  if (chosen !== ATTACKS || values.round !== undefined) return;
  const minutes = (performance.now() - began) / 60_000;
  const run = { seed: lab.seed, most, ...(values.results === undefined && { minutes }) };
  writeFileSync(join(root, 'RELIABILITY.md'), pageText(results, run));
  process.stderr.write('RELIABILITY.md is written\n');
}

/** The last result of each attack. @param {string} file @returns {Map<string, Result>} */
function resultsIn(file) {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const result = JSON.parse(line);
      return [result.name, result];
    }),
  );
}

/** @param {Result} result */
function say(result) {
  if (values.json) {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(rowText(result));
  let last;
  for (const finding of result.findings) {
    if (finding.round !== last) console.log(`    ${finding.where}: ${repeatText(result, finding)}`);
    console.log(`        ${finding.kind}: ${finding.text}`);
    last = finding.round;
  }
}
