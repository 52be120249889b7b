/** get-stats on values as others write them. */

import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { runHere } from '../in-process.ts';

const HEADER = 'sensor,window,start,end,count,min,max,avg\n';

async function stats(args: readonly string[], stdin: string) {
  const { status, stdout, stderr } = await runHere(getStats, args, { stdin });
  return { status, stdout, stderr };
}

describe('--decimal ,', () => {
  it('reads the CSV of a German spreadsheet, and refuses groups of digits', async () => {
    const stdin =
      'Zeit;Ort;Wert\n2026-11-21 10:04;Dach;21,5\n2026-11-21 10:05;Dach;-2,25\n2026-11-21 10:06;Dach;2.523,50\n';
    const { status, stdout, stderr } = await stats(
      ['-d', ';', '--decimal', ',', '--tz', 'UTC', '--time', 'zeit', '--sensor', 'ort', '--value', 'wert'],
      stdin,
    );
    expect(stdout).toBe(`${HEADER}Dach,all,2026-11-21T10:04:00Z,2026-11-21T10:05:00Z,2,-2.25,21.5,9.6250\n`);
    expect(stderr).toContain('get-stats: stdin:4: value has grouped digits: "2.523,50"\n');
    expect(status).toBe(0);
  });

  it('reads texts of JSON so, and its numbers as JSON has them', async () => {
    const { stdout } = await stats(['-d', ';', '--decimal', ','], '{"value":1.5}\n{"value":"2,5"}\n');
    expect(stdout).toBe(`${HEADER},all,,,2,1.5,2.5,2.000\n`);
  });

  it.each([
    ['21,5', 1],
    ['21,55', 2],
  ])('does not count a last line that may be torn: %s', async (last, count) => {
    const { stdout } = await stats(['-d', ';', '--decimal', ','], `0;a;21,55\n60;a;${last}`);
    expect(stdout).toContain(`Z,${count},21.55,21.55,`);
  });

  it.each([
    [['--decimal', ','], "--decimal , needs another --delimiter, such as -d ';'"],
    [['--decimal', ',', '-d', ','], "--decimal , needs another --delimiter, such as -d ';'"],
    [['--decimal', 'x'], '--decimal: neither a point nor a comma: "x" (see get-stats --help)'],
  ])('is refused where it cannot be: %j', async (args, problem) => {
    expect(await stats(args, '1\n')).toEqual({ status: 64, stdout: '', stderr: `get-stats: ${problem}\n` });
  });
});

describe('--scale', () => {
  it('multiplies exactly, in all statistics, and --range is of the products', async () => {
    const { stdout, stderr } = await stats(
      ['--scale', '0.1', '--range', '..30', '--stats', 'sum,stddev,p50'],
      '213\n201\n301\n',
    );
    expect(stdout).toBe(`${HEADER.trim()},sum,stddev,p50\n,all,,,2,20.1,21.3,20.700,41.4,0.849,20.1\n`);
    expect(stderr).toContain('value is out of range ..30: "301"');
  });

  it.each(['0', '-0.0', '1e999', 'x', ''])('is not %j', async (text) => {
    const { status, stderr } = await stats(['--scale', text], '1\n');
    expect([status, stderr]).toEqual([
      64,
      `get-stats: --scale: not a number other than 0: ${JSON.stringify(text)} (see get-stats --help)\n`,
    ]);
  });
});

describe('--na', () => {
  // Among lines that the kernel counts, numbers on both sides of those that stand for none.
  it('leaves out what stands for a missing value, in many lines as in few', async () => {
    const line = (at: number) => `${at},a,${['-999', '-999.00', '21.5', '-998.99', '-1000', 'NA'][at % 6]}\n`;
    for (const [count, plain] of [
      [60, /, 0 of them by the fast kernel/],
      [12_000, /, [34]\d\d\d of them by the fast kernel/],
    ] as const) {
      const stdin = Array.from({ length: count }, (_, at) => line(at)).join('');
      const { stdout, stderr } = await stats(['--na', '-999', '--na', 'NA,---', '-v'], stdin);
      const [, row = ''] = stdout.split('\n');
      expect(row.split(',').slice(4)).toEqual([`${count / 2}`, '-1000', '21.5', '-659.1633']);
      expect(stderr).not.toContain('rejected');
      expect(stderr).toMatch(plain);
    }
  });

  it.each(['', 'a,,b', ' ', '"a'])('is not %j', async (text) => {
    const { status, stderr } = await stats(['--na', text], '1\n');
    expect([status, stderr]).toEqual([
      64,
      `get-stats: --na: not a list of texts: ${JSON.stringify(text)} (see get-stats --help)\n`,
    ]);
  });
});

describe('--suffix', () => {
  it('lets units stand behind numbers, beside °C', async () => {
    const stdin = 'a,55 %\na,45%\nb,21.5 °C\nb,20.5°C\nb,70 °F\n';
    const { stdout, stderr } = await stats(['--sensor', '1', '--value', '2', '--suffix', '%,hPa'], stdin);
    expect(stdout).toBe(`${HEADER}a,all,,,2,45,55,50.00\nb,all,,,2,20.5,21.5,21.000\n`);
    expect(stderr).toContain('get-stats: stdin:5: value has a unit (get-stats --suffix °F): "70 °F"\n');
  });

  it.each(['5x', '-C', '.'])('is no unit that begins as a number does: %j', async (text) => {
    const { status, stderr } = await stats(['--suffix', text], '1\n');
    expect([status, stderr]).toEqual([
      64,
      `get-stats: --suffix: a unit does not begin as a number does: ${JSON.stringify(text)} (see get-stats --help)\n`,
    ]);
  });
});
