/** Rows of very many sensors and windows: with any options those of the exact engine, byte for byte. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SIZES } from '../../src/counting/count.ts';
import { random as bytesAtRandom } from '../../src/files/random.ts';
import getStats from '../../src/tools/get-stats.ts';
import { runInProcess } from '../in-process.ts';
import { seeded } from '../random.ts';
import { FIRST_SEED, seedCount } from '../thorough.ts';
import { inventManyGroups } from './many-groups.ts';

const SEEDS = Math.max(4, Math.ceil(seedCount(40, 200) / 10));
/** With this the exact engine counts all lines: the kernel knows no factors. */
const EXACT = ['--scale', '1'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'many-groups-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

interface Outcome {
  /** What is printed and written, one line each. */
  readonly lines: readonly string[];
  /** How many lines the kernel has counted. */
  readonly plain: number;
  readonly threads: number;
}

const IN_ORDER = /^.*: its lines must be read in their order, so by one thread\n/gm;
const HOW = /read by (\d+) threads?, (\d+) of them by the fast kernel/;

async function getRows(words: readonly string[], pipe: readonly Buffer[]): Promise<Outcome> {
  const options = { pipe, encoding: 'latin1' } as const;
  const { stdout, stderr, status } = await runInProcess(getStats, ['-v', ...words], options);
  const [, threads = '0', plain = '0'] = HOW.exec(stderr) ?? [];
  const told = stderr.replace(HOW, 'read').replace(IN_ORDER, '').replaceAll(join(folder, 'log'), 'stdin');
  const lines = [`status ${status}`, ...stdout.split('\n'), ...told.split('\n')];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.prom'))) {
    lines.push(...readFileSync(join(folder, name), 'latin1').split('\n'));
    rmSync(join(folder, name));
  }
  return { lines, plain: Number(plain), threads: Number(threads) };
}

/** The first line in which two outcomes differ; undefined where there is none. */
function difference(one: Outcome, other: Outcome): readonly unknown[] | undefined {
  const length = Math.max(one.lines.length, other.lines.length);
  for (let at = 0; at < length; at++)
    if (one.lines[at] !== other.lines[at])
      return [at, one.lines[at]?.slice(0, 500), other.lines[at]?.slice(0, 500)];
  return undefined;
}

function cut(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
    bytes.subarray(at * length, (at + 1) * length),
  );
}

/** Lets threads count parts of any file in small segments. */
function shareSmallFiles(segment: number): void {
  vi.spyOn(SIZES, 'worth', 'get').mockReturnValue(0);
  vi.spyOn(SIZES, 'segment', 'get').mockReturnValue(segment);
}

/** Counts invented readings by the exact engine, by the kernel and by threads; says how many lines kernels have counted. */
async function compare(seed: number, groups: number): Promise<number> {
  const { bytes, words } = inventManyGroups(seed, groups);
  const all = seed % 5 === 0 ? [...words, '--prometheus', join(folder, 'newest')] : words;
  const what = `seed ${seed}, ${groups} groups, ${all.join(' ')}`;
  const exact = await getRows([...all, ...EXACT], [bytes]);
  expect(exact.plain, what).toBe(0);
  const piped = await getRows(all, cut(bytes, 1000 + ((seed * 7919) % 100_000)));
  expect(difference(piped, exact), what).toBeUndefined();
  const path = join(folder, 'log');
  writeFileSync(path, bytes);
  const threads = 1 + (seed % 4);
  shareSmallFiles(Math.ceil(bytes.length / (2 + (seed % 7))));
  const shared = await getRows([...all, '--threads', `${threads}`, path], []);
  vi.restoreAllMocks();
  expect(difference(shared, exact), `${what}, by ${threads} threads`).toBeUndefined();
  return piped.plain;
}

describe('very many sensors and windows', () => {
  // README: "`get-stats` counts plain lines in a WebAssembly kernel and splits a large file across all cores; unusual
  // lines go to the exact engine, and the rows are the same."
  it('have the same rows and rejected lines as in the exact engine, with any options', async () => {
    let plain = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++)
      plain += await compare(seed, 500 + 100 * (seed % 17));
    // Otherwise nothing was compared.
    expect(plain).toBeGreaterThan(SEEDS * 200);
  }, 600_000);

  it('have the same rows where all names and all windows share a slot', async () => {
    // The hash of short names, and of early windows, is a sum of products of which each then has a factor of 0.
    vi.spyOn(bytesAtRandom, 'fill').mockImplementation((space) => space.fill(0));
    // Of each 16 bytes after the 32nd it then leaves out half.
    const middle = (at: number) => `${at}`.padStart(4, '0');
    const names = [
      (at: number) => `${at}`,
      (at: number) => `${'x'.repeat(36)}${middle(at)}${'y'.repeat(8)}`,
      (at: number) => `${'x'.repeat(52)}${middle(at)}${'y'.repeat(8)}`,
    ];
    const name = (at: number) => names[at % names.length]?.(at);
    const line = (at: number) => `1970-01-01T00:0${at % 4}:00Z,${name((at * 7919) % 1500)},${at % 9}.5\n`;
    const bytes = Buffer.from(Array.from({ length: 9000 }, (_, at) => line(at)).join(''));
    for (const window of ['all', '1m']) {
      const [exact, fast] = [
        await getRows(['-w', window, ...EXACT], [bytes]),
        await getRows(['-w', window], [bytes]),
      ];
      expect(difference(fast, exact)).toBeUndefined();
      expect(fast.plain).toBeGreaterThan(7000);
    }
  });

  it('are sorted by the bytes of their names, and hold what plain arithmetic gives', async () => {
    const random = seeded(FIRST_SEED);
    const tenths = new Map<string, number[]>();
    for (const name of oddNames()) tenths.set(name, []);
    const names = [...tenths.keys()];
    let text = '';
    for (let at = 0; at < 5 * names.length; at++) {
      const name = names[at % names.length] ?? '';
      const value = Math.floor((random() - 0.5) * 100_000);
      tenths.get(name)?.push(value);
      text += `2026-11-21T10:04:00Z,${field(name)},${decimal(value, 1)}\n`;
    }
    const time = '2026-11-21T10:04:00Z';
    const rows = names
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .map((name) => [field(name), 'all', time, time, ...summary(tenths.get(name) ?? [])].join(','));
    const options = { pipe: [Buffer.from(text)] };
    const { stdout, stderr } = await runInProcess(getStats, ['--stats', 'sum', '-v'], options);
    expect(stdout.split('\n').slice(1, -1)).toEqual(rows.join('\n').split('\n'));
    expect(Number(HOW.exec(stderr)?.[2])).toBeGreaterThan(4 * names.length);
  });
});

/** Names that differ late, in their last byte, in UTF-16 otherwise than in UTF-8, or in what needs quotes. */
function oddNames(): string[] {
  const ends = [
    '',
    '\u0001',
    '\u001f',
    '!',
    'a',
    'b',
    '~',
    '\u007f',
    'é',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
  ];
  const stems = [0, 1, 6, 7, 8, 9, 14, 15, 16, 17, 30, 31, 32, 33, 34, 46, 47, 48, 49, 63, 64, 100, 5000];
  const quoted = ['"', ',', '{', 'a"b', 'a,b', 'a\nb', '""'];
  const many = Array.from({ length: 2000 }, (_, at) => `${'/shop/item'.repeat(at % 4)}/${at}`);
  return [...stems.flatMap((length) => ends.map((end) => 'x'.repeat(length) + end)), ...quoted, ...many];
}

const field = (name: string) => (/^\{|[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

const decimal = (units: number, places: number) => {
  const digits = `${Math.abs(units)}`.padStart(places + 1, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

/** Count, minimum, maximum, average and sum of values in tenths. */
function summary(tenths: readonly number[]): string[] {
  const sum = tenths.reduce((all, one) => all + one, 0);
  // Rounded half away from zero.
  const average = Math.sign(sum) * Math.floor((Math.abs(sum) * 200 + tenths.length) / (2 * tenths.length));
  const [least, greatest] = [Math.min(...tenths), Math.max(...tenths)];
  return [`${tenths.length}`, decimal(least, 1), decimal(greatest, 1), decimal(average, 3), decimal(sum, 1)];
}
