/** Up to 200,000 sensors and windows in a file that is shared among threads, and memory that is full of them. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';
import { seeded } from '../random.ts';

const SENSORS = 200_000;
/** Of windows that the exact engine counts, too, which takes longer. */
const FEWER = 100_000;
/** A file of this many bytes is worth other threads. */
const SHARED = 32 << 20;
/** Makes the exact engine count all lines: the kernel knows no factors. */
const EXACT = ['--scale', '1'];

/** The status, the rows, and how many lines the kernel has counted, by one thread after the other and by a pipe. */
async function* inAllWays(words: readonly string[], path: string, counts = ['1', '2', '3', '4']) {
  for (const threads of counts) {
    const { status, stdout, stderr } = await run('get-stats', ['-v', ...words, '--threads', threads, path]);
    expect(stderr).toContain(` lines read by ${threads} thread`);
    yield { way: `${threads} threads`, status, stdout, stderr };
  }
  const quoted = words.map((word) => `'${word}'`).join(' ');
  yield { way: 'a pipe', ...(await shell(`cat '${path}' | get-stats -v ${quoted}`)) };
}

const plainLines = (stderr: string) => Number(/, (\d+) of them by the fast kernel/.exec(stderr)?.[1]);

/** Names with much in common: most are told apart by their last bytes. */
function longName(at: number): string {
  const name = `${'/shop/a category with a long name'.repeat(10)}/${at}`;
  if (at % 100 === 0) return `"${name},""${at}"`;
  return at % 3 === 0 ? `${name.slice(at % 90)}é` : name;
}

// README: "`get-stats` counts plain lines in a WebAssembly kernel and splits a large file across all cores; unusual
// lines go to the exact engine, and the rows are the same."
it('their rows are those of the exact engine, by threads and by a pipe', async () => {
  const random = seeded(1);
  const line = (_: unknown, at: number) => {
    const time = new Date(Date.parse('1969-12-30') + at * 2557).toISOString();
    return `${time},${longName((at * 7919) % 35_001)},${((random() - 0.5) * 1000).toFixed(at % 9 === 0 ? 3 : 1)}\n`;
  };
  const text = Array.from({ length: FEWER }, line).join('');
  expect(text.length).toBeGreaterThan(SHARED);
  const path = join(await privateFolder(), 'log');
  writeFileSync(path, text);
  const words = [
    '-w',
    'all,1d',
    '--json',
    '--stats',
    'sum,last_time,p50',
    '--decimals',
    '4',
    '--expect',
    '7s',
  ];
  const exact = await run('get-stats', [...words, ...EXACT, '--threads', '1', path]);
  expect(exact.stdout.split('\n').length).toBeGreaterThan(0.99 * FEWER);
  for await (const { way, status, stdout, stderr } of inAllWays(words, path, ['1', '3'])) {
    expect(status, way).toBe(0);
    expect(plainLines(stderr), way).toBeGreaterThan(0.9 * FEWER);
    // To show how texts of such a length differ would take too long.
    expect(stdout === exact.stdout, way).toBe(true);
  }
});

it('their rows hold what plain arithmetic gives', async () => {
  const random = seeded(2);
  const [sums, least, greatest] = [0, 0, 0].map(() => new Int32Array(SENSORS));
  const lines: string[] = [];
  for (let at = 0; at < 5 * SENSORS; at++) {
    const sensor = (at * 7919) % SENSORS;
    const value = Math.floor((random() - 0.5) * 19_999);
    const isFirst = at < SENSORS;
    if (sums) sums[sensor] = (sums[sensor] ?? 0) + value;
    if (least) least[sensor] = isFirst ? value : Math.min(least[sensor] ?? 0, value);
    if (greatest) greatest[sensor] = isFirst ? value : Math.max(greatest[sensor] ?? 0, value);
    lines.push(`2026-11-21T10:04:00Z,host-${sensor},${decimal(value, 1)}\n`);
  }
  const path = join(await privateFolder(), 'log');
  writeFileSync(path, lines.join(''));
  const time = '2026-11-21T10:04:00Z';
  const rows = Array.from({ length: SENSORS }, (_, sensor) => {
    const [sum = 0, min = 0, max = 0] = [sums?.[sensor], least?.[sensor], greatest?.[sensor]];
    // A fifth of tenths has no rest in thousandths.
    const numbers = [decimal(min, 1), decimal(max, 1), decimal(sum * 20, 3), decimal(sum, 1)];
    return [`host-${sensor}`, 'all', time, time, 5, ...numbers].join(',');
  });
  const expected = `sensor,window,start,end,count,min,max,avg,sum\n${rows.sort(byName).join('\n')}\n`;
  for await (const { way, stdout } of inAllWays(['--stats', 'sum'], path))
    expect(stdout === expected, way).toBe(true);
});

/** Names of ASCII, and a comma behind each: by their bytes. */
const byName = (one: string, other: string) => {
  const [name = '', rival = ''] = [one.split(',', 1)[0], other.split(',', 1)[0]];
  return name < rival ? -1 : 1;
};

const decimal = (units: number, places: number) => {
  const digits = `${Math.abs(units)}`.padStart(places + 1, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

const MEMORY_IS_FULL =
  'get-stats: memory is full of sensors and windows: count fewer or longer windows, or the sensors in parts\n';

it('a message tells that memory is full of them, whichever thread finds it out', async () => {
  const cwd = await privateFolder();
  const lines = Array.from({ length: 1_500_000 }, (_, at) => `2026-11-21T10:00:00Z,sensor-${at},1\n`);
  writeFileSync(join(cwd, 'log'), lines.join(''));
  const ends: (number | null)[] = [];
  // Somewhere between, memory is full when rows are to be written, or just not full.
  for (let kilobytes = 190_000; kilobytes < 1_500_000; kilobytes += kilobytes < 460_000 ? 20_000 : 100_000) {
    const command = `ulimit -d ${kilobytes}; exec get-stats --threads 2 log | md5sum`;
    const { status, stderr } = await shell(command, { cwd });
    ends.push(status);
    expect([status, stderr], `${kilobytes}`).toEqual(status === 0 ? [0, ''] : [74, MEMORY_IS_FULL]);
  }
  expect(ends[0]).toBe(74);
  expect(ends.at(-1)).toBe(0);
});
