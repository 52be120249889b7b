/** The figures in the README are those of BENCHMARKS.md, which `npm run bench` writes; the README rounds them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './harness.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');
const benchmarks = readFileSync(join(root, 'BENCHMARKS.md'), 'utf8');

const OTHERS = ['DuckDB', 'Polars', 'ClickHouse'];
/** Works of many rows, in which others may be faster. */
const WORKS = ['names', 'windows', 'minutes', 'medians'];

/** A number in the README's text. */
function said(pattern: RegExp): number {
  return Number(pattern.exec(readme)?.[1]);
}

/** The rows of a work's table, by the names of its columns. */
function rows(work: string): Record<string, string>[] {
  const [, section = ''] = benchmarks.split(`\`npm run bench -- ${work}\`\n`);
  const [table = ''] = section.trimStart().split('\n\n');
  const [header = [], , ...cells] = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return cells.map((row) => Object.fromEntries(row.map((cell, at) => [header[at] || `column ${at}`, cell])));
}

/** A number of a work's table, in the first row of this program. */
function figure(work: string, program: string, column: string): number {
  const row = rows(work).find((each) => Object.values(each).includes(program));
  return Number(row?.[column] ?? Number.NaN);
}

/** The ratio of a target. */
function ratio(work: string, what: string): number {
  const line = benchmarks
    .split('\n')
    .find((each) => each.startsWith(`| ${work} `) && each.includes(`| ${what} `));
  return Number(line?.split('|')[3]);
}

/** Whether a figure rounds to what is said of it. */
function isAbout(figure: number, expected: number): boolean {
  return Math.abs(figure / expected - 1) < 0.25;
}

describe('the figures of the README', () => {
  // README: "Fast."
  // README: "20 million lines take 0.25 seconds on two cores, a fifth of the time of DuckDB and Polars, and a twenty-fifth
  // of mawk's; through a pipe, a fifth of DuckDB's."
  // README: "`parse-log` reads a million lines of a web log in a second, and `load-rows` loads them into SQLite
  // in about the time of SQLite's own `.import`."
  it('are those of BENCHMARKS.md, seconds and ratios', () => {
    const seconds = figure('file', 'get-stats', 'seconds');
    expect(isAbout(seconds, said(/20 million lines take ([\d.]+) seconds/))).toBe(true);
    for (const other of ['DuckDB', 'Polars'])
      expect(isAbout(seconds / figure('file', other, 'seconds'), 1 / 5)).toBe(true);
    expect(isAbout(seconds / figure('file', 'mawk', 'seconds'), 1 / 25)).toBe(true);
    expect(isAbout(ratio('pipe', 'time vs DuckDB'), 1 / 5)).toBe(true);
    expect(figure('weblog', 'parse-log', 'seconds')).toBeLessThan(1);
    expect(isAbout(ratio('weblog', 'time of load-rows vs sqlite3 .import'), 1)).toBe(true);
  });

  // README: "100 million lines of 413 sensors take 65 MB, 800,000 windows about 220 MB."
  it('are those of BENCHMARKS.md, memory', () => {
    const growth = figure('growth', '100 million lines', 'peak MB');
    expect(isAbout(growth, said(/100 million lines of 413 sensors take (\d+) MB/))).toBe(true);
    const windows = figure('windows', 'get-stats', 'peak MB');
    expect(isAbout(windows, said(/800,000 windows about (\d+) MB/))).toBe(true);
  });

  // README: "[BENCHMARKS.md](BENCHMARKS.md) has all the figures, including those where others are faster."
  it('stand in BENCHMARKS.md also where others are faster', () => {
    expect(readme).toContain('[BENCHMARKS.md](BENCHMARKS.md)');
    const slower = WORKS.filter((work) =>
      OTHERS.some((other) => figure(work, other, 'seconds') < figure(work, 'get-stats', 'seconds')),
    );
    expect(slower).not.toEqual([]);
    expect(benchmarks).toMatch(/\| (?:ok|MISSED) +\|/);
  });
});
