/** What one tool prints the next one takes, at the limits of times, numbers and names. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/cli/tool.ts';
import getStats from '../../src/tools/get-stats.ts';
import loadRows from '../../src/tools/load-rows.ts';
import loadStats from '../../src/tools/load-stats.ts';
import parseLog from '../../src/tools/parse-log.ts';
import plotStats from '../../src/tools/plot-stats.ts';
import { serving } from '../dashboard/serving.ts';
import { privateFolder, shell } from '../harness.ts';
import { runInProcess } from '../in-process.ts';
import { readSqlite } from '../stores/rows.ts';

const HUGE = `9${'0'.repeat(148)}1`;
const TINY = `0.${'0'.repeat(398)}1`;

/** Names that a line of CSV must quote, or that look like something else. */
const NAMES = [
  ...['a,b', 'say "x"', "'", ' a ', '', '-', '{"a":1}', '{', 'time', 'sensor', '1', 'NA', '=1+1', '"'],
  ...[
    'a\nb',
    'a\r\nb',
    'a\rb',
    '\n',
    '\t',
    '\x1b[31m',
    '\x7f',
    '\u2028',
    '\ufeffa',
    '🌡',
    'Å'.normalize('NFD'),
  ],
  'x'.repeat(1 << 16),
  '\n'.repeat(98),
  '"'.repeat(1 << 16),
  '\x01'.repeat(1 << 16),
];

const reading = (time: string, sensor: string, value: string) =>
  `${JSON.stringify({ time, sensor }).slice(0, -1)},"value":${value}}\n`;

const named = NAMES.map((name) => reading('2026-11-21T10:00:00Z', name, '1')).join('');
const lines: readonly (readonly [what: string, input: string, sensors: number])[] = [
  ['nothing', '', 0],
  ['the first moment', '0002-01-01T00:00:00Z,a,1\n', 1],
  ['the last moment', '9998-12-31T23:59:59.999Z,a,1\n', 1],
  ['both', '0002-01-01T00:00:00.001Z,a,1\n9998-12-31T23:59:59.999Z,a,2\n', 1],
  [
    'hundreds of digits',
    `1,a,${HUGE}\n2,a,-${HUGE}\n3,b,${TINY}\n4,b,-${TINY}\n5,c,${HUGE}\n6,c,${TINY}\n`,
    3,
  ],
  ['exponents', '1,a,1e149\n2,a,1e-399\n3,b,-9.99e-397\n4,b,1.7976931348623157e149\n5,b,5e-324\n', 2],
  ['zeros', '1,a,0e0\n2,a,-0.000\n3,b,.0\n4,b,0.\n', 2],
  ['odd names', named, NAMES.length],
];

const windows: readonly string[][] = [
  ['-w', 'all'],
  ['-w', '1ms'],
  ['-w', '1d'],
  ['-w', '4w', '--tz', 'Pacific/Kiritimati'],
  ['-w', '2d', '--slide', '1d'],
  ['-w', 'all', '-w', '1h', '--expect', '1m'],
];
const STATISTICS = 'sum,range,first,last,stddev,var,p0,p50,p100';

interface Step {
  readonly tool: Tool;
  readonly words: readonly string[];
}

const step = (tool: Tool, ...words: string[]): Step => ({ tool, words });

/** What comes of the input when each of these tools has read what the one before has printed, none of which may complain. */
async function chain(input: string, ...steps: readonly Step[]): Promise<string> {
  let text = input;
  for (const { tool, words } of steps) {
    const bytes = Buffer.from(text);
    const ended = await runInProcess(tool, words, { now: Date.UTC(2026, 10, 21), pipe: [bytes] });
    expect([tool.name, ended.stderr, ended.status]).toEqual([tool.name, '', 0]);
    text = ended.stdout;
  }
  return text;
}

const load = (...words: string[]) => step(loadStats, '--ahead', 'none', '--strict', ...words);

describe.each(lines)('%s: from get-stats', (_, input, sensors) => {
  it.each(windows)('load-stats takes all rows of %j, and gives them back', async (...words) => {
    const stats = (...more: string[]) => step(getStats, '--strict', '--stats', STATISTICS, ...words, ...more);
    const rows = await chain(input, stats());
    expect(await chain(rows, load('--dry-run'))).toBe(rows);
    expect(await chain(input, stats('--json'), load('--dry-run'))).toBe(rows);
    const json = await chain(rows, load('--dry-run', '--json'));
    expect(await chain(json, load('--dry-run'))).toBe(rows);
    expect(rows.trimEnd() === '').toBe(sensors === 0);
  });

  it('stores, plot-stats and load-rows take all rows', async () => {
    const cwd = await privateFolder();
    const path = (name: string) => join(cwd, name);
    const stats = ['-w', 'all', '-w', '1d', '--decimals', '1000', '--stats', STATISTICS];
    const rows = await chain(input, step(getStats, ...stats));
    const json = await chain(input, step(getStats, ...stats, '--json'));
    await chain(rows, load('--to', path('s.db')));
    await chain(rows, load('--to', path('s.csv')));
    await chain(rows, step(loadRows, '--strict', '--to', path('r.db'), '--table', 't'));
    await chain(json, step(loadRows, '--strict', '--to', path('j.db'), '--table', 't'));
    expect(new Set(readSqlite(path('s.db')).map(({ sensor }) => sensor)).size).toBe(sensors);
    if (sensors === 0) return;
    const stored = readFileSync(path('s.csv'), 'utf8');
    await chain(stored, load('--to', path('again.csv')));
    expect(readFileSync(path('again.csv'), 'utf8')).toBe(stored);
    for (const operand of ['-', path('s.db')])
      expect(await chain(rows, step(plotStats, '-q', '--ahead', 'none', '-w', '1d', operand))).not.toBe('');
  });
});

describe('what a later tool would refuse get-stats rejects at once', () => {
  it.each([
    ['1,a,1e150', 'value has more than 150 digits before the decimal point, or 400 in all: "1e150"'],
    ['1,a,1e-400', 'value has more than 150 digits before the decimal point, or 400 in all: "1e-400"'],
    [`1,a,${HUGE}0`, 'value has more than 150 digits before the decimal point, or 400 in all: '],
    ['0001-12-31T23:59:59Z,a,1', 'time is not in the years 0002 to 9998: "0001-12-31T23:59:59Z"'],
    ['9999-01-01T00:00:00Z,a,1', 'time is not in the years 0002 to 9998: '],
    ['9999-12-31T23:59:59-23:59,a,1', 'time is not RFC 3339 or epoch: '],
    ['-99999999999,a,1', 'time is not RFC 3339 or epoch: "-99999999999"'],
    [`1,${'x'.repeat((1 << 16) + 1)},1`, 'sensor is longer than 65536 bytes: "xxx'],
    [JSON.stringify({ time: 1, sensor: '\n'.repeat(99), value: 1 }), 'sensor has 100 lines or more: "\\n'],
  ])('a line, case %#', async (line, reason) => {
    const plain = '2,b,2\n'.repeat(10_000);
    for (const input of [`2,b,2\n${line}\n`, `${plain}${line}\n`]) {
      const { stdout, stderr, status } = await runInProcess(getStats, [], { pipe: [Buffer.from(input)] });
      expect(stdout.split('\n')).toHaveLength(3);
      expect(stderr).toContain(`: ${reason}`);
      expect(stderr).toMatch(/ 1 of \d+ lines rejected/);
      expect(status).toBe(0);
    }
  });

  it.each([
    ['-w 367d', '--window: longer than 366d: "367d" (see get-stats --help)'],
    ['--slide 400d', '--slide: longer than 366d: "400d" (see get-stats --help)'],
    [
      `--stats ${Array.from({ length: 249 }, (_, at) => `p0.${at + 1}`).join()}`,
      '257 columns, more than 256',
    ],
  ])('options, case %#', async (words, message) => {
    expect(await runInProcess(getStats, words.split(' '), {})).toMatchObject({
      stderr: `get-stats: ${message}\n`,
      status: 64,
    });
  });
});

it('a window has room around every reading, or the reading is rejected', async () => {
  const times = ['0002-01-01T00:00:00Z', '9998-12-28T00:00:00Z', '9998-12-31T00:00:00Z'];
  const pipe = [Buffer.from(times.map((time) => `${time},a,1\n`).join(''))];
  const { stdout, stderr } = await runInProcess(getStats, ['-w', '366d'], { pipe });
  expect(stderr).toBe(
    'get-stats: stdin:3: time is not in the years 0002 to 9998: "9998-12-31T00:00:00Z"\n' +
      'get-stats: 1 of 3 lines rejected: 1 with a time out of range\n',
  );
  expect(await chain(stdout, load('--dry-run'))).toBe(stdout);
  expect(stdout.split('\n')).toHaveLength(4);
});

describe('from get-temp', () => {
  it.each([
    '--at 0002-01-01T00:00:00Z',
    '--at 9998-12-31T23:59:59.999Z',
    '--from 9998-12-31T23:00:00Z --to 9998-12-31T23:59:59Z',
    '--at 0 --name \'a,"b" 🌡\'',
    '--at 0 "sim:a%0Ab,%22"',
    "exec:'echo 1e149'",
    "--unit K exec:'echo 9.9e140'",
    "--unit F exec:'echo 1e-390'",
  ])('get-stats takes the reading of %s', async (words) => {
    const { stdout, stderr, status } = await shell(
      `get-temp ${words} | buffer-tail -n all f | get-stats --strict -w 1h | load-stats --ahead none --strict --dry-run`,
      { cwd: await privateFolder() },
    );
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout.split('\n')).toHaveLength(3);
    const json = await shell(
      `get-temp --json ${words} | get-stats --strict | load-stats --ahead none --dry-run`,
    );
    expect([json.stderr, json.status]).toEqual(['', 0]);
  });

  it.each([
    ['--at 0001-12-31T23:59:59Z', 64, '--at: not in the years 0002 to 9998: "0001-12-31T23:59:59Z"'],
    ['--from 9999-01-01T00:00:00Z', 64, '--from: not in the years 0002 to 9998: "9999-01-01T00:00:00Z"'],
    ["--name $'a\\xf6'", 64, 'an argument is not UTF-8: "a\ufffd"'],
    ["exec:'echo 1e150'", 69, 'exec:echo 1e150: no number in its output: "1e150"'],
    ["--unit F exec:'echo 1e-399'", 69, 'exec:echo 1e-399: more than 400 digits'],
  ])('what get-stats would refuse is no reading: %s', async (words, status, message) => {
    const ended = await shell(`get-temp ${words}`);
    expect(ended).toMatchObject({ stdout: '', status });
    expect(ended.stderr).toContain(`get-temp: ${message}`);
  });
});

describe('from log-gen and parse-log', () => {
  it.each(['', '--json'])('load-rows and get-stats take all rows: %s', async (json) => {
    const { stdout, stderr, status } = await shell(
      `log-gen -n 500 --seed 7 | parse-log ${json} --strict >rows && load-rows --strict --to r.db --table t rows &&
      get-stats --strict --sensor path --value status -w 1h rows | load-stats --ahead none --strict --dry-run | head -1`,
      { cwd: await privateFolder() },
    );
    expect([stdout, stderr, status]).toEqual(['sensor,window,start,end,count,min,max,avg\n', '', 0]);
  });

  it.each(['', '--json'])('rows of odd requests are taken, too: %s', async (json) => {
    const request = (path: string) =>
      `1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET ${path} HTTP/1.1" 200 5 "-" "x"\n`;
    const paths = [
      '/a,b',
      '/\\"x\\"',
      '/\\x0d\\x0a',
      '/\\n',
      '/\\x00',
      '/\xff',
      `/${'x'.repeat(60_000)}`,
      '/\\x0a'.repeat(49),
    ];
    const stdin = Buffer.from(paths.map(request).join(''), 'latin1');
    const { stderr, status } = await shell(
      `parse-log ${json} --strict >rows && load-rows --strict --to r.db --table t rows &&
      get-stats --strict --sensor path --value status -w 1d rows | load-stats --ahead none --strict`,
      { stdin, cwd: await privateFolder() },
    );
    expect([stderr, status]).toEqual(['', 0]);
  });
});

it.each([
  ['lines', [], Buffer.from('\\x0a'.repeat(100)), 'its row has more than 100 lines'],
  ['bytes', [], Buffer.alloc(400_000, 0xff), 'its row is longer than 1048576 bytes'],
  ['escapes', ['--json'], Buffer.from('\\x01'.repeat(180_000)), 'its row is longer than 1048576 bytes'],
])('parse-log rejects what load-rows would refuse: %s', async (_, words, path, reason) => {
  const line = (text: Buffer) =>
    Buffer.concat([
      Buffer.from('1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /'),
      text,
      Buffer.from(' HTTP/1.1" 200 5 "-" "x"\n'),
    ]);
  const pipe = [line(path), line(Buffer.from('x'))];
  const { stdout, stderr, status } = await runInProcess(parseLog, ['--fields', 'path', ...words], { pipe });
  expect(stderr).toBe(`parse-log: stdin:1: ${reason}\nparse-log: 1 of 2 lines rejected: 1 too long\n`);
  expect(status).toBe(0);
  expect(await chain(stdout, step(loadRows, '--dry-run', '--strict'))).toBe('path\n/x\n');
});

it('load-stats takes the CSV of serve-stats', async () => {
  const cwd = await privateFolder();
  writeFileSync(join(cwd, 'in'), lines.map(([, input]) => input).join(''));
  const made = await shell('get-stats -w 1d in | load-stats --ahead none --strict', { cwd });
  expect([made.stderr, made.status]).toEqual(['', 0]);
  const served = await serving(['--ahead', 'none'], { store: join(cwd, 'stats.db') });
  const rows = await (await served.ask('/api/stats.csv')).text();
  const again = await shell(
    'load-stats --ahead none --strict --to again.db && load-stats --dry-run --ahead none',
    { cwd, stdin: rows },
  );
  expect([again.stderr, again.status]).toEqual(['', 0]);
  const keys = (store: string) =>
    readSqlite(join(cwd, store)).map(({ sensor, window, end }) => [sensor, window, end]);
  expect(keys('again.db')).toEqual(keys('stats.db'));
});
