/** The figures in the README are those of BENCHMARKS.md, which `npm run bench` writes; the README rounds them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './harness.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');
const benchmarks = readFileSync(join(root, 'BENCHMARKS.md'), 'utf8');

/** A number in the README's text. */
function said(pattern: RegExp): number {
  return Number(pattern.exec(readme)?.[1]);
}

/** The cells of the first row that begins so, behind this command. */
function cells(command: string, row: string): string[] {
  const section = benchmarks.slice(benchmarks.indexOf(`\`npm run bench -- ${command}\``));
  const line = section.split('\n').find((each) => each.startsWith('|') && each.includes(row)) ?? '';
  return line.split('|').map((cell) => cell.trim());
}

/** The ratio of a target. */
function ratio(work: string, what: string): number {
  const line = benchmarks.split('\n').find((each) => each.startsWith(`| ${work} `) && each.includes(what));
  return Number(line?.split('|')[3]);
}

/** Whether a figure rounds to what is said of it. */
function isAbout(figure: number, expected: number): boolean {
  return Math.abs(figure / expected - 1) < 0.25;
}

describe('the figures of the README', () => {
  // README: "Fast."
  // README: "20 million lines take 0.35 seconds on two cores: a sixth of the time of DuckDB, a thirtieth of that
  // of mawk; through a pipe, a third of DuckDB's."
  // README: "`parse-log` reads a million lines of a web log in a second, and `load-rows` loads them into SQLite
  // in about the time of SQLite's own `.import`."
  it('are those of BENCHMARKS.md, seconds and ratios', () => {
    const [, , seconds, , besideDuckdb] = cells('file', '| get-stats ');
    const [, , mawk] = cells('file', '| mawk ');
    expect(isAbout(Number(seconds), said(/20 million lines take ([\d.]+) seconds/))).toBe(true);
    expect(isAbout(Number(besideDuckdb), 1 / 6)).toBe(true);
    expect(isAbout(Number(seconds) / Number(mawk), 1 / 30)).toBe(true);
    expect(isAbout(ratio('pipe', 'time beside DuckDB'), 1 / 3)).toBe(true);
    expect(Number(cells('weblog', '| parse-log ')[3])).toBeLessThan(1);
    expect(isAbout(ratio('weblog', 'time of load-rows beside sqlite3 .import'), 1)).toBe(true);
  });

  // README: "100 million lines of 413 sensors take 65 MB, 800,000 windows about 220 MB."
  it('are those of BENCHMARKS.md, memory', () => {
    const growth = cells('growth', '| 100 million lines ');
    expect(isAbout(Number(growth[4]), said(/100 million lines of 413 sensors take (\d+) MB/))).toBe(true);
    const windows = cells('windows', '| get-stats ');
    expect(isAbout(Number(windows[6]), said(/800,000 windows about (\d+) MB/))).toBe(true);
  });

  // README: "[BENCHMARKS.md](BENCHMARKS.md) has all the figures, including those where it is not that fast."
  it('stand in BENCHMARKS.md also where others are faster', () => {
    expect(readme).toContain('[BENCHMARKS.md](BENCHMARKS.md)');
    expect(Number(cells('windows', '| get-stats ')[4])).toBeGreaterThan(1);
    expect(benchmarks).toMatch(/\| (?:ok|MISSED) +\|/);
  });
});
