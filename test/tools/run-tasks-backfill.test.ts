import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';

describe('run-tasks --backfill', () => {
  it('runs for each time of its schedule that none has succeeded for, the oldest first, and never twice', async () => {
    const {
      go: run,
      file,
      lines,
      runs,
    } = await tasksIn(`
schedule: '0 */8 * * *'
timezone: Europe/Berlin
tasks:
  a: {run: 'echo "$ETL_AT $ETL_DATA_START" >> did; [ -e fixed ] || [ "$ETL_SCHEDULED_TIME" != 2026-11-01T07:00:00Z ]'}
`);
    const go = (words: string[]) => run(words, { now: Date.parse('2026-11-21T10:04:00Z') });
    const day = ['--backfill', '2026-11-01..2026-11-01'];
    expect(await go(day)).toMatchObject({ status: 1, stdout: '3 due: 2 succeeded, 1 failed\n' });
    expect(lines('did')).toEqual([
      '2026-10-31T23:00:00Z 2026-10-31T15:00:00Z',
      '2026-11-01T07:00:00Z 2026-10-31T23:00:00Z',
      '2026-11-01T15:00:00Z 2026-11-01T07:00:00Z',
    ]);
    writeFileSync(file('fixed'), '');
    expect(await go([...day, '--max-active', '2'])).toEqual({
      ...{ status: 0, stdout: '3 due: 1 succeeded, 2 done before\n', stderr: '' },
    });
    expect(await go(day)).toMatchObject({ status: 0, stdout: '3 due: 3 done before\n' });
    expect(lines('did')).toHaveLength(4);
    expect(runs()).toEqual(['backfill success 0', 'backfill success 0', 'backfill success 0']);
    expect(existsSync(file('logs/some/a/2026-11-01T07:00:00Z/2.log'))).toBe(true);
  });

  it('leaves what is due later than now to its schedule', async () => {
    const { go, lines } = await tasksIn(`
schedule: '0 */8 * * *'
timezone: UTC
tasks: {a: {run: 'echo "$ETL_SCHEDULED_TIME" >> did'}}
`);
    const now = Date.parse('2026-11-02T08:00:00Z');
    expect(await go(['--backfill', '2026-11-02..2026-11-09'], { now })).toEqual({
      ...{ status: 0, stdout: '2 due: 2 succeeded\n' },
      stderr: 'run-tasks: some: times later than now are left to its schedule\n',
    });
    expect(lines('did')).toEqual(['2026-11-02T00:00:00Z', '2026-11-02T08:00:00Z']);
    expect(await go(['--backfill', '2026-11-02T08:01:00Z..2026-11-02T15:00:00Z'], { now })).toMatchObject({
      ...{ status: 64, stderr: expect.stringContaining('some was not due in that time') },
    });
    expect(await go(['--backfill', '2026-11-02..2026-11-02T15:59:00Z'], { now })).toEqual({
      ...{ status: 0, stdout: '2 due: 2 done before\n', stderr: '' },
    });
  });
});
