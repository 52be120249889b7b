import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeLogs } from '../../src/ledger/log-files.ts';
import { logPath, reportPath } from '../../src/ledger/log-path.ts';
import { privateFolder } from '../harness.ts';

const at = Date.parse('2026-11-21T10:04:00Z');

describe('where logs are', () => {
  const pathOf = (job: string, repeat: number | undefined = 0) =>
    logPath('logs', { run: 17, job, scheduled: at, repeat }, job, 2);

  it('a folder for job, task and time; a run that is not the first for its time has its number', () => {
    expect(pathOf('attic')).toBe('logs/attic/attic/2026-11-21T10:04:00Z/2.log');
    expect(pathOf('attic', 1)).toBe('logs/attic/attic/2026-11-21T10:04:00Z-17/2.log');
    expect(logPath('logs', { run: 17, job: 'attic', scheduled: at, repeat: undefined }, 'load', 1)).toBe(
      'logs/attic/load/2026-11-21T10:04:00Z-17/1.log',
    );
    expect(reportPath('logs', { run: 17, job: 'a', scheduled: at + 1, repeat: 0 }, 'a', 1)).toBe(
      'logs/a/a/2026-11-21T10:04:00.001Z/1.ndjson',
    );
  });

  it.each([
    ['..', '%2E.'],
    ['.', '%2E'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['a/b', 'a%2Fb'],
    ['a%2Fb', 'a%252Fb'],
    ['a.b-c_d', 'a.b-c_d'],
    ['.hidden', '%2Ehidden'],
    ['Böden', 'B%C3%B6den'],
    ['a b\0\n', 'a%20b%00%0A'],
  ])('no name leads elsewhere: %j', (name, encoded) => {
    expect(pathOf(name)).toBe(`logs/${encoded}/${encoded}/2026-11-21T10:04:00Z/2.log`);
  });

  it('long names differ and fit', () => {
    const names = ['x', 'y'].map((end) => pathOf('/'.repeat(300) + end).split('/')[1] ?? '');
    expect(names[0]).not.toBe(names[1]);
    expect(names[0]?.length).toBeLessThan(255);
  });
});

describe('removeLogs', () => {
  it('removes those of one run, and folders that are empty then', async () => {
    const folder = await privateFolder();
    const runs = [17, 18].map((run) => ({ run, job: 'attic', scheduled: at + run * 60_000, repeat: 0 }));
    for (const run of runs)
      for (const path of [
        logPath(folder, run, 'a/b', 1),
        reportPath(folder, run, 'a/b', 1),
        logPath(folder, run, 'c', 2),
      ]) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, '');
      }
    const [first, second] = runs;
    if (first === undefined || second === undefined) return;
    await removeLogs(folder, first);
    expect(readdirSync(join(folder, 'attic/a%2Fb'))).toEqual(['2026-11-21T10:22:00Z']);
    expect(existsSync(logPath(folder, second, 'c', 2))).toBe(true);
    await removeLogs(folder, second);
    expect(readdirSync(folder)).toEqual([]);
    await removeLogs(folder, second);
  });
});
