/** prune-stats, on the stores that are files. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';

const at = (minute: number) =>
  new Date(Date.UTC(2026, 10, 21) + minute * 60_000).toISOString().replace('.000', '');

/** Minutes of a day and hours of it, of two sensors, of which one lacks an hour. */
function rows(): string {
  const lines = ['sensor,window,start,end,count,min,max,avg'];
  for (const sensor of ['attic', 'cellar, "old"'])
    for (let minute = 0; minute < 1440; minute++) {
      const name = `"${sensor.replaceAll('"', '""')}"`;
      lines.push(`${name},1m,${at(minute)},${at(minute + 1)},1,1,1,1`);
      if (minute % 60 === 0 && (sensor === 'attic' || minute !== 120))
        lines.push(`${name},1h,${at(minute)},${at(minute + 60)},60,1,1,1`);
    }
  return `${lines.join('\n')}\n`;
}

const HEAD = 'sensor,window,start,end,count,min,max,avg\n';

/** The minutes of an hour, of 60 readings each. */
function minutes(hour: number): string {
  return Array.from({ length: 60 }, (_, minute) => {
    const from = hour * 60 + minute;
    return `a,1m,${at(from)},${at(from + 1)},60,1,1,1\n`;
  }).join('');
}

function hourRow(hour: number, count: number): string {
  return `a,1h,${at(hour * 60)},${at(hour * 60 + 60)},${count},1,1,1\n`;
}

/** A folder with both stores. */
async function stores(): Promise<string> {
  const cwd = await privateFolder();
  await shell('tee s.csv | load-stats --to s.db', { cwd, stdin: rows() });
  return cwd;
}

/** How many rows of hours, and of minutes. */
async function counts(cwd: string, store: string): Promise<number[]> {
  const of = async (window: string) => (await shell(`grep -c ',${window},' ${store}`, { cwd })).stdout;
  if (store.endsWith('.csv'))
    return Promise.all(['1h', '1m'].map(async (window) => Number(await of(window))));
  const database = new DatabaseSync(join(cwd, store), { readOnly: true });
  try {
    const text = 'SELECT count(*) AS rows FROM stats WHERE window = ?';
    return ['1h', '1m'].map((window) => database.prepare(text).get(window).rows);
  } finally {
    database.close();
  }
}

describe.each(['s.db', 's.csv'])('prune-stats %s', (store) => {
  it('removes rows before those that sum them up, where both are old', async () => {
    const cwd = await stores();
    const words = ['--keep', '1h=2h,1m=1h', store];
    const trial = await run('prune-stats', ['--dry-run', ...words], { cwd });
    const real = await run('prune-stats', words, { cwd });
    expect(real).toMatchObject({ status: 0, stderr: trial.stderr });
    expect(real.stderr).toContain('1m: 60 rows stay');
    expect(await counts(cwd, store)).toEqual([6, 182]);
  });

  it('removes what is old and summed up by a longer window, and says what stays', async () => {
    const cwd = await stores();
    expect(await counts(cwd, store)).toEqual([47, 2880]);
    const words = ['--keep', '1m=12h,1h=5y', store];
    const trial = await run('prune-stats', ['--dry-run', ...words], { cwd });
    expect(trial.stdout).toBe(
      '"attic" 1m: 719 rows that end before 2026-11-21T12:00:00Z\n"cellar, \\"old\\"" 1m: 659 rows that end before 2026-11-21T12:00:00Z\n',
    );
    expect(await counts(cwd, store)).toEqual([47, 2880]);
    const waiting = 'prune-stats: "cellar, \\"old\\"" 1m: 60 rows stay, since no row of 1h covers them\n';
    expect(await run('prune-stats', words, { cwd })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: waiting,
    });
    expect(await counts(cwd, store)).toEqual([47, 2880 - 719 - 659]);
    expect(await run('prune-stats', words, { cwd })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: waiting,
    });
    expect(await counts(cwd, store)).toEqual([47, 2880 - 719 - 659]);
  });

  it('keeps the minutes of an hour that counts fewer readings than they', async () => {
    const cwd = await privateFolder();
    // An hour that lacks half of its readings, one that has them, and a newest one.
    const stdin = HEAD + minutes(0) + hourRow(0, 1800) + minutes(1) + hourRow(1, 3600) + hourRow(30, 1);
    await shell('tee s.csv | load-stats --to s.db', { cwd, stdin });
    const { stderr } = await run('prune-stats', ['--keep', '1m=12h,1h=5y', store], { cwd });
    expect(stderr).toBe('prune-stats: "a" 1m: 60 rows stay, since no row of 1h covers them\n');
    expect(await counts(cwd, store)).toEqual([3, 60]);
  });

  it('keeps them, too, when they get old one after the other', async () => {
    const cwd = await privateFolder();
    const stdin = HEAD + minutes(0) + hourRow(0, 3599) + minutes(1) + hourRow(1, 3600) + hourRow(30, 1);
    await shell('tee s.csv | load-stats --to s.db', { cwd, stdin });
    for (const [minute, left] of [
      [1, 120],
      [31, 120],
      [61, 120],
      [91, 90],
      [200, 60],
    ] as const) {
      const keep = `1m=${31 * 60 - minute}m,1h=5y`;
      expect(await run('prune-stats', ['--keep', keep, store], { cwd })).toMatchObject({ status: 0 });
      expect(await counts(cwd, store)).toEqual([3, left]);
    }
  });

  it('does not lose all in a store that nobody fills any more', async () => {
    const cwd = await stores();
    expect(await run('prune-stats', ['--keep', '60m=6h', store], { cwd })).toMatchObject({
      status: 0,
      stderr: '',
    });
    // Those of the newest six hours, and the one that ends six hours before the newest.
    expect((await counts(cwd, store))[0]).toBe(14);
  });
});

describe('prune-stats', () => {
  it.each([
    [['--keep', '1m=1d'], 64, 'no STORE'],
    [['s.db'], 64, 'expected --keep'],
    [['--keep', '1m=1d', 'http://localhost/'], 64, 'rows cannot be read from a server'],
    [['--keep', '1m=1d', 'none.db'], 66, 'none.db: no such file or directory\n'],
    [['--keep', '1m=1d', 'odd.csv'], 69, 'odd.csv:1: column "sensor" is missing'],
  ])('refuses %j', async (words, status, message) => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'odd.csv'), 'a,b\n');
    const ended = await run('prune-stats', words, { cwd });
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toContain(`prune-stats: ${message}`);
    expect(readFileSync(join(cwd, 'odd.csv'), 'utf8')).toBe('a,b\n');
  });
});
