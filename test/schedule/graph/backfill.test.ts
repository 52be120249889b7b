import { expect, it } from 'vitest';
import { decideBackfill, timesOf } from '../../../src/schedule/graph/backfill.ts';
import { graphJob } from '../../../src/schedule/graph/graph-job.ts';
import { newRun, openedLedger } from '../../ledger/invented.ts';
import { graphOf } from './graphs.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;

function jobOf(schedule: string, timezone: string) {
  return graphJob(graphOf(`schedule: '${schedule}'\ntimezone: ${timezone}\ntasks: {a: {run: x}}\n`));
}

it('is of each due time once, on nights when clocks change, too', () => {
  const hours = (day: string, zone: string) => {
    const from = Date.parse(`${day}T00:00:00Z`);
    return timesOf(jobOf('0 * * * *', zone), { from, to: from + 48 * HOUR - 1 }, NOW).length;
  };
  expect(hours('2026-03-28', 'Europe/Berlin')).toBe(48);
  expect(hours('2026-10-24', 'Europe/Berlin')).toBe(48);
});

it('is at most of 100,000 times', () => {
  const span = { from: 0, to: NOW };
  expect(() => timesOf(jobOf('* * * * *', 'UTC'), span, NOW)).toThrow('--backfill: more than 100000 times');
});

it('leaves alone what another one has begun with since it was looked which are at work', async () => {
  const { ledger } = await openedLedger();
  const job = jobOf('0 * * * *', 'UTC');
  const own = { job: 'some', trigger: 'backfill', repeat: 0 } as const;
  await ledger.add([
    newRun('some', NOW - 3 * HOUR, { ...own, runner: '/other', state: 'queued' }),
    newRun('some', NOW - 2 * HOUR, { ...own, runner: '/other' }),
    newRun('some', NOW - HOUR, { ...own, state: 'queued' }),
    newRun('some', NOW, { ...own, state: 'queued' }),
  ]);
  ledger.changeRun(2, { state: 'failed', reason: 'stopped' });
  const times = [3, 2, 1, 0].map((hours) => NOW - hours * HOUR);
  const around = { job, runner: '/own', now: NOW, active: new Set([4]) };
  const { runs, elsewhere } = await ledger.write((file) => decideBackfill(file, times, around));
  expect(runs.map(({ scheduled, runner }) => [scheduled, runner])).toEqual([
    [NOW - 2 * HOUR, '/own'],
    [NOW - HOUR, '/own'],
  ]);
  expect(elsewhere).toBe(2);
});
