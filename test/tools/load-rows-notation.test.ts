/** load-rows on fields that are written otherwise than tables have them: times without an offset, decimal commas. */

import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import loadRows from '../../src/tools/load-rows.ts';
import { privateFolder } from '../harness.ts';
import { runHere } from '../in-process.ts';

const BERLIN = ['--tz', 'Europe/Berlin'];

async function dryRun(args: readonly string[], stdin: string) {
  const { status, stdout, stderr } = await runHere(loadRows, ['--dry-run', ...args], { stdin });
  return { status, stdout, stderr };
}

/** The rows of a table into which the input was loaded, in batches of this many rows. */
async function loaded(args: readonly string[], stdin: string, batch: number): Promise<unknown[][]> {
  const file = join(await privateFolder(), 'rows.db');
  const words = ['--quiet', '--to', file, '--table', 'rows', '--batch', `${batch}`, ...args];
  expect(await runHere(loadRows, words, { stdin })).toMatchObject({ status: 0, stderr: '' });
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database
      .prepare('SELECT * FROM rows')
      .all()
      .map((row) => Object.values(row as object));
  } finally {
    database.close();
  }
}

describe('load-rows --tz', () => {
  it('takes times without an offset as of its zone, and leaves all other text alone', async () => {
    const stdin =
      'at,note\n2026-11-21 10:04:00,2026-11-21\n2026-11-21T10:04,"10:04"\n2026/11/21 10:04:00.25,x\n' +
      '2026-07-21 10:04:00.123456,a 2026-11-21 10:04\n2026-11-21 10:04+02:00,""\n,\n';
    expect(await dryRun(BERLIN, stdin)).toEqual({
      status: 0,
      stdout:
        'at,note\n2026-11-21T09:04:00Z,2026-11-21\n2026-11-21T09:04:00Z,10:04\n2026-11-21T09:04:00.250Z,x\n' +
        '2026-07-21T08:04:00.123456Z,a 2026-11-21 10:04\n2026-11-21T08:04:00Z,""\n,\n',
      stderr: '',
    });
  });

  it('leaves them text without it', async () => {
    expect((await dryRun([], 'at\n2026-11-21 10:04:00\n')).stdout).toBe('at\n2026-11-21 10:04:00\n');
  });

  it('reads the texts of JSON so', async () => {
    const { stdout } = await dryRun(BERLIN, '{"at":"2026-11-21 10:04","n":[1]}\n{"at":"2026-11-21 10:05"}\n');
    expect(stdout).toBe('at,n\n2026-11-21T09:04:00Z,[1]\n2026-11-21T09:05:00Z,\n');
  });

  it.each([
    'at\n2026-03-29 02:30\n2026-03-29 03:30\n',
    '{"at":"2026-03-29 02:30"}\n{"at":"2026-03-29 03:30"}\n',
  ])('rejects a row whose time clocks skip: %j', async (stdin) => {
    const { stdout, stderr } = await dryRun(BERLIN, stdin);
    expect(stdout).toBe('at\n2026-03-29T01:30:00Z\n');
    expect(stderr).toContain('"at": clocks in Europe/Berlin skip this time: "2026-03-29 02:30"\n');
  });

  it('tells the two passes of the hour in autumn by the order of rows, in each column and source', async () => {
    const stdin = 'a,b\n2026-10-25 02:50,2026-10-25 02:10\n2026-10-25 02:10,2026-10-25 02:50\n';
    expect((await dryRun(BERLIN, stdin)).stdout).toBe(
      'a,b\n2026-10-25T00:50:00Z,2026-10-25T00:10:00Z\n2026-10-25T01:10:00Z,2026-10-25T00:50:00Z\n',
    );
  });

  it('keeps what a column of text, or of the key, has as it came', async () => {
    const stdin = 'k,t,n\n2026-11-21 10:04,2026-11-21 10:04,1\n';
    const { stdout } = await dryRun([...BERLIN, '--key', 'k', '--types', 't=text'], stdin);
    expect(stdout).toBe('k,t,n\n2026-11-21 10:04,2026-11-21 10:04,1\n');
    const given = await dryRun([...BERLIN, '--key', 'k', '--types', 'k=timestamp,t=timestamp'], stdin);
    expect(given.stdout).toBe('k,t,n\n2026-11-21T09:04:00Z,2026-11-21T09:04:00Z,1\n');
  });

  it('makes the same table however rows fall into batches', async () => {
    const stdin =
      'at,v\n2026-11-21 10:04,"1,50"\n2026-11-21 10:05,x\nnever,"2,0"\n2026-11-21 10:06,"say ""3"""\n';
    const rows = [
      ['2026-11-21T09:04:00Z', '1,50'],
      ['2026-11-21T09:05:00Z', 'x'],
      ['never', '2,0'],
      ['2026-11-21T09:06:00Z', 'say "3"'],
    ];
    for (const batch of [1, 2, 100]) expect(await loaded(BERLIN, stdin, batch)).toEqual(rows);
  });

  it('is asked for where a column must be a time', async () => {
    const { stderr } = await dryRun(['--types', 'at=timestamp'], 'at\n2026-11-21 10:04\n');
    expect(stderr).toContain(
      '"at" is not a time with its offset (load-rows --tz Europe/Berlin, or UTC): "2026-11-21 10:04"\n',
    );
  });
});

describe('load-rows --time-format', () => {
  const FORM = ['--time-format', '%d.%m.%Y %H:%M'];

  it('is of the columns that --types calls timestamp', async () => {
    const args = [...FORM, ...BERLIN, '--types', 'At=timestamp'];
    const { stdout, stderr } = await dryRun(args, 'at,t\n21.11.2026 10:04,21.11.2026 10:04\n2026-11-21,x\n');
    expect(stdout).toBe('at,t\n2026-11-21T09:04:00Z,21.11.2026 10:04\n');
    expect(stderr).toContain('"at": time is not %d.%m.%Y %H:%M: "2026-11-21"\n');
  });

  it.each([
    [[...FORM, ...BERLIN], '--time-format needs the columns that have it, as --types when=timestamp'],
    [[...FORM, '--types', 'at=timestamp'], '--time-format without %z and %s needs --tz ZONE, such as UTC'],
  ])('is refused without them, or without a zone: %j', async (args, problem) => {
    expect(await dryRun(args, 'at\n')).toEqual({ status: 64, stdout: '', stderr: `load-rows: ${problem}\n` });
  });
});

describe('load-rows --decimal ,', () => {
  const COMMA = ['-d', ';', '--decimal', ','];

  it('reads decimals, and nothing else, with a comma', async () => {
    const stdin = 'v;t;n\n21,50;1,5 m;7\n-0,25;x;8\n3;0,5;-9\n4;007,5;10.0.0.1\n';
    expect(await dryRun(COMMA, stdin)).toEqual({
      status: 0,
      stdout: 'v,t,n\n21.50,"1,5 m",7\n-0.25,x,8\n3,0.5,-9\n4,"007,5",10.0.0.1\n',
      stderr: '',
    });
  });

  it('loads them as decimals, in any batches', async () => {
    for (const batch of [1, 100])
      expect(await loaded(COMMA, 'v;n\n21,5;1\n-0,25;2\n3;3', batch)).toEqual([
        [21.5, 1],
        [-0.25, 2],
        [3, 3],
      ]);
  });

  // From a public report: a decimal comma was read as thousands.
  it.each(['1.234', '1.234,5', '2.523,50', '2.5'])(
    'rejects the row of %s, unless its column is text',
    async (text) => {
      const { stdout, stderr } = await dryRun(COMMA, `v;n\n${text};1\n1,5;2\n`);
      expect(stdout).toBe('v,n\n1.5,2\n');
      expect(stderr).toContain(
        `stdin:2: "v" has a point, and the decimal mark is a comma (--types v=text takes it): "${text}"\n`,
      );
      expect((await dryRun([...COMMA, '--types', 'v=text'], `v;n\n${text};1\n`)).stderr).toBe('');
    },
  );

  it('leaves JSON alone', async () => {
    const { stdout } = await dryRun(COMMA, '{"v":2.5,"t":"1,5"}\n');
    expect(stdout).toBe('v,t\n2.5,"1,5"\n');
  });

  it('needs another delimiter', async () => {
    const { status, stderr } = await dryRun(['--decimal', ','], 'v\n');
    expect([status, stderr]).toEqual([
      64,
      "load-rows: --decimal , needs another --delimiter, such as -d ';'\n",
    ]);
  });
});
