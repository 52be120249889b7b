/**
 * The report in Markdown: the results, the machine, the method, and its limits. It names no path and no host.
 *
 * @import { Machine, Measured, Results, Section, Target } from './types.d.ts'
 */

import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { INSTALL_ENGINES, pythonVersion } from './engines.js';
import { glance } from './glance.js';
import { hasGnuTime } from './measure.js';
import { METHOD } from './method.js';

const GIBI = 2 ** 30;
const GNU_TIME = '`rusage` of the kernel, through GNU time';
const POLLED =
  'memory by `VmHWM`, polled every 5 ms, since GNU time is not installed: the end of a run may be missing';
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
  const python = pythonVersion();
  const versions = installed
    .filter(({ listed }) => listed !== false)
    .map(({ name, product = name, version }) => `${product} ${version}`);
  return `- ${availableParallelism()} cores, ${cpus()[0]?.model}; ${(totalmem() / GIBI).toFixed(0)} GiB of memory
- ${type()} ${release()}, Node ${process.version}${python && `, Python ${python}`}; load average before the first run: ${load.toFixed(2)}
- ${versions.join(', ')}
- not installed: ${missing.join(', ') || 'nothing'}
- CPU time and memory: ${hasGnuTime ? GNU_TIME : POLLED}
`;
}

/** All of BENCHMARKS.md. @param {Results} results */
export function reportText({ machines, sections }) {
  return `# Benchmarks

\`get-stats\` beside other programs that give the same answer, and the other tools by themselves. Written by
\`npm run bench\`; do not edit.

${machinesText(machines, sections)}
## How to repeat it

    npm ci
    ${INSTALL_ENGINES}
    apt install mawk gawk datamash miller time
    npm run bench

The first run makes its inputs, 5 GB, in \`bench/\`. A peer that is missing is left out. \`npm run bench -- pipe ndjson\` runs
only these works, \`npm run bench -- counting\` all of \`get-stats\`; with \`--record\` their sections of this report are written
anew, and the others stay as they are. With \`--quick\` a twentieth of the lines is taken and nothing is written.

## At a glance

Seconds from start to end / CPU seconds / MB of memory at the peak.

${glanceText(sections)}
## Targets

A ratio of 0.25 beside a peer means a quarter of its time.

${targetsText(sections)}
## Results

Seconds are from start to end, a program's start included: the median, and the fastest and slowest run. "CPU s" is the CPU
time of all its threads, user and system, and "peak MB" its largest memory: medians, too. "/ DuckDB" is the median of the
seconds divided by that of DuckDB.

${sections.map(sectionText).join('\n')}
${METHOD}
${commandsText(sections)}`;
}

/** @param {readonly Section[]} sections */
function glanceText(sections) {
  const { header, rows } = glance(sections);
  return tableText(header, rows);
}

/** The machine and the programs of each day, the latest first. @param {Results['machines']} machines @param {readonly Measured[]} sections */
function machinesText(machines, sections) {
  const days = Object.keys(machines).sort().reverse();
  const texts = days.map((day) => {
    const names = sections.filter((section) => section.day === day).map(({ name }) => `\`${name}\``);
    return `Measured on ${day}:${days.length > 1 ? ` ${names.join(', ')}` : ''}\n\n${machines[day]}`;
  });
  return texts.join('\n');
}

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
  if (!Number.isFinite(measured)) return [name, what, 'not measured', `<= ${show(most)}`, '-'];
  return [name, what, show(measured), `<= ${show(most)}`, measured <= most ? 'ok' : 'MISSED'];
}

/**
 * A table with aligned columns, words to the left and numbers to the right, for readers of the plain text.
 *
 * @param {Section['header']} header
 * @param {Section['rows']} rows
 */
function tableText(header, rows) {
  const right = header.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[\d.,]+k?$|^-$/.test(row[at])),
  );
  const widths = header.map((title, at) => Math.max(3, title.length, ...rows.map((row) => row[at].length)));
  /** @param {string} cell @param {number} at */
  const pad = (cell, at) => (right[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at]));
  /** @param {readonly string[]} cells */
  const line = (cells) => `| ${cells.map(pad).join(' | ')} |\n`;
  const rule = widths.map((width, at) => (right[at] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return line(header) + line(rule) + rows.map(line).join('');
}
