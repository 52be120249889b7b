/**
 * The report in Markdown: the results, the machine, the method, and its limits. It names no path and no host.
 *
 * @import { Machine, Section, Target } from './types.d.ts'
 */

import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { exactPeaks } from './measure.js';

const GIBI = 2 ** 30;
const PEAKS = exactPeaks
  ? '`ru_maxrss` of the kernel, through GNU time'
  : '`VmHWM`, polled every 5 ms: GNU time is not installed, so the end of a run may be missing';

/** A section: its title, the size of its input, the command that runs it alone, and its table. @param {Section} section */
export function sectionText({ name, title, size, header, rows }) {
  const about = [size, `\`npm run bench -- ${name}\``].filter(Boolean).join('; ');
  return `### ${title}\n\n${about}\n\n${tableText(header, rows)}`;
}

/** Every target and the measured value; without its peer a ratio is not measured. @param {readonly Section[]} sections */
export function targetsText(sections) {
  const rows = sections.flatMap(({ name, targets }) => targets.map((target) => targetRow(name, target)));
  return tableText(['work', 'what', 'measured', 'target', ''], rows);
}

/** The machine and the versions of programs. @param {Machine} machine */
export function machineText({ installed, missing, load }) {
  const versions = installed
    .filter(({ listed }) => listed !== false)
    .map(({ name, product = name, version }) => `${product} ${version}`);
  return `- ${availableParallelism()} cores, ${cpus()[0]?.model}; ${(totalmem() / GIBI).toFixed(0)} GiB of memory
- ${type()} ${release()}, Node ${process.version}; load average before the first run: ${load.toFixed(2)}
- ${versions.join(', ')}
- not installed: ${missing.join(', ') || 'nothing'}
`;
}

/** All of BENCHMARKS.md. @param {{ sections: readonly Section[], machine: Machine, runs: number }} results */
export function reportText({ sections, machine, runs }) {
  return `# Benchmarks

\`get-stats\` beside other programs that give the same answer, and the other tools by themselves. Written by
\`npm run bench\` on ${new Date().toISOString().slice(0, 10)}; do not edit.

${machineText(machine)}
## How to repeat it

    npm ci
    npm install --prefix bench/peers @duckdb/node-api
    apt install mawk gawk datamash miller time
    npm run bench

The first run makes its inputs, 4 GB, in \`bench/\`. \`npm run bench -- --quick\` takes a twentieth of the lines and writes
no report; \`npm run bench -- pipe ndjson\` runs only these works. A peer that is missing is left out.

## Targets

A ratio of 0.25 beside a peer means a quarter of its time.

${targetsText(sections)}
## Results

Seconds are from start to end, a program's start included: the median, and the fastest and slowest run. "/ DuckDB" is the
median divided by that of DuckDB.

${sections.map(sectionText).join('\n')}
${measuredText(runs)}
${NOT_COMPARED}
${commandsText(sections)}`;
}

/** @param {number} runs */
function measuredText(runs) {
  return `## How it was measured

- The inputs come from a seeded generator: the same bytes everywhere. Each is read once before, so all find it in memory.
- Peers run in turn, A B C A B C, ${runs} times (start to end: 15 times), so that a slow minute of the machine hits all of them. Slow
  ones run once; the column "runs" says so.
- Every peer has the fastest form that we found: column types given to DuckDB and nothing guessed, all its threads, answers
  written by itself as CSV; awk without a second look at a line; Miller's plainest reader; \`LC_ALL=C\` for all.
- All answers of all runs are compared: count, minimum and maximum must be equal, averages within 1e-9 of their size (or of
  0.001 where they are smaller). Otherwise there is no report. \`get-stats\` prints 12 decimals for that.
- Memory is the peak of the largest process of a peer: ${PEAKS}.
- Through a pipe, \`cat\` or \`zcat\` runs beside the peer on the same cores. Its memory is not counted.
- The bare reader is Node reading blocks of 64 KiB and counting bytes. \`wc -l\` and \`cat\` look at bytes, not at numbers.
`;
}

const NOT_COMPARED = `## What is not compared, and why

- **The work is not quite the same.** \`get-stats\` also checks every time and value, explains what it rejects, keeps the first
  and last time, and adds decimals exactly. awk takes \`ERR\` for 0, and awk, Miller and datamash add in binary floating point.
  All but \`get-stats\` look at times only where hours are asked for; awk and Miller then just cut them.
- **awk and datamash** do not read NDJSON, and datamash has no hours. **jq** is left out: in
  a trial it took about ten seconds for each million lines.
- **Programs written for the One Billion Row Challenge** trust their input's form, and most are for that one file.
- **Other databases and data frames** (ClickHouse, Polars, pandas): not tried; DuckDB stands for them.
- **A cold disk.** Then all wait for the same bytes.
`;

/** @param {readonly Section[]} sections */
function commandsText(sections) {
  const texts = sections.flatMap(({ title, commands }) =>
    commands === undefined ? [] : [`### ${title}\n\n${commands.map((line) => `    ${line}\n`).join('')}`],
  );
  return `## The command lines\n\nIn the folder of the inputs; scripts and tools are named from the project's.\n\n${texts.join('\n')}`;
}

/** @param {string} name @param {Target} target */
function targetRow(name, { what, measured, most, unit }) {
  /** @param {number} number */
  const show = (number) => (unit === undefined ? number.toFixed(2) : `${number.toFixed(0)} ${unit}`);
  if (Number.isNaN(measured)) return [name, what, 'not measured', `<= ${show(most)}`, '-'];
  return [name, what, show(measured), `<= ${show(most)}`, measured <= most ? 'ok' : 'MISSED'];
}

/**
 * A table with aligned columns, words to the left and numbers to the right, for readers of the plain text.
 *
 * @param {Section['header']} header
 * @param {Section['rows']} rows
 */
function tableText(header, rows) {
  const right = header.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d.]+k?$|^-$/.test(row[at])));
  const widths = header.map((title, at) => Math.max(3, title.length, ...rows.map((row) => row[at].length)));
  /** @param {string} cell @param {number} at */
  const pad = (cell, at) => (right[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at]));
  /** @param {readonly string[]} cells */
  const line = (cells) => `| ${cells.map(pad).join(' | ')} |\n`;
  const rule = widths.map((width, at) => (right[at] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return line(header) + line(rule) + rows.map(line).join('');
}
