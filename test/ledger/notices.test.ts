import { expect, it } from 'vitest';
import type { JobHistory } from '../../src/ledger/history.ts';
import { medianOf, noticesOf } from '../../src/ledger/notices.ts';
import type { KnownJob, Run } from '../../src/ledger/records.ts';
import { job, MINUTE, NOON } from './invented.ts';

function run(at: number, also: Partial<Run> = {}): Run {
  const scheduled = NOON + at * MINUTE;
  return {
    ...{ run: at + 1, job: 'a', trigger: 'schedule', scheduled, repeat: 0, count: 1, tries: 1 },
    ...{ dataStart: scheduled - MINUTE, dataEnd: scheduled, state: 'success', reason: undefined, status: 0 },
    ...{ queued: scheduled, start: scheduled + 100, end: scheduled + 10_100, retryAt: undefined },
    ...{ rows: undefined, env: {}, isOfNow: true, graph: undefined, runner: undefined },
    ...also,
  };
}

const runs = (count: number, also: (at: number) => Partial<Run> = () => ({})) =>
  Array.from({ length: count }, (_, at) => run(at, also(at)));

function notices(recent: readonly Run[], also: Partial<KnownJob> = {}, now?: number): string[] {
  const durations = recent
    .filter(({ state }) => state === 'success')
    .map(({ start = 0, end = 0 }) => end - start);
  const known: KnownJob = { ...job('a'), paused: undefined, gone: undefined, ...also };
  const history: JobHistory = { job: known, recent, durations };
  const newest = recent.at(-1)?.scheduled ?? NOON;
  const nextDue = (after: number) => (Math.floor(after / MINUTE) + 1) * MINUTE;
  return noticesOf(history, { now: now ?? newest + 30_000, nextDue });
}

const shortAt = (short: number, ms: number) => (at: number) =>
  at === short ? { end: NOON + at * MINUTE + 100 + ms } : {};

it('there are none where all is well, and where nothing is known', () => {
  expect(notices(runs(30))).toEqual([]);
  expect(notices([])).toEqual([]);
  expect(notices(runs(1))).toEqual([]);
});

it('the last run was too fast, by what is usual or by min-time', () => {
  expect(notices(runs(21, shortAt(20, 999)))).toEqual(['ran too fast: 0.999s, usually 10s']);
  expect(notices(runs(21, shortAt(20, 1000)))).toEqual([]);
  expect(notices(runs(21, shortAt(19, 1)))).toEqual([]);
  expect(notices(runs(5, shortAt(4, 1)))).toEqual([]);
  const quick = (at: number) => ({ end: NOON + at * MINUTE + 100 + (at === 20 ? 1 : 999) });
  expect(notices(runs(21, quick))).toEqual([]);
  const policies = { minTimeMs: 1000, timeoutMs: null };
  expect(notices(runs(2, shortAt(1, 5)), { policies })).toEqual(['ran too fast: 0.005s, and min-time is 1s']);
});

it('the last run processed nothing, or less than is expected', () => {
  const policies = { expectRows: 2 };
  const rows = (count: number | undefined) => runs(2, () => ({ rows: { in: 7, out: count, rejected: 0 } }));
  expect(notices(rows(0), { policies })).toEqual(['processed nothing']);
  expect(notices(rows(1), { policies })).toEqual(['processed 1 row, and expect-rows is 2']);
  expect(notices(rows(2), { policies })).toEqual([]);
  expect(notices(rows(undefined), { policies })).toEqual([]);
  expect(notices(rows(0), { policies: { expectRows: 0 } })).toEqual([]);
  expect(notices(runs(2), { policies })).toEqual([]);
});

it('the job did not run, by the ledger or by the clock', () => {
  expect(notices(runs(3), {}, NOON + 4 * MINUTE + 1)).toEqual(['did not run at 2026-11-21T12:03:00Z']);
  expect(notices(runs(3), {}, NOON + 4 * MINUTE)).toEqual([]);
  const missed = { state: 'skipped', reason: 'missed', start: undefined, end: undefined } as const;
  expect(notices([...runs(2), run(2, missed)])).toEqual(['did not run at 2026-11-21T12:02:00Z']);
  expect(notices([...runs(2), run(2, { ...missed, count: 7 })])).toEqual([
    'did not run 7 times, last at 2026-11-21T12:02:00Z',
  ]);
  expect(notices([run(0), run(1, { trigger: 'retry' })], {}, NOON + 2 * MINUTE)).toEqual([]);
  const manual = run(1, { trigger: 'manual', repeat: undefined });
  expect(notices([run(0), manual], {}, NOON + 3 * MINUTE)).toEqual(['did not run at 2026-11-21T12:01:00Z']);
  expect(notices(runs(3), { paused: NOON }, NOON + 60 * MINUTE)).toEqual([
    'paused since 2026-11-21T12:00:00Z',
  ]);
});

it('the job is always late', () => {
  const late = (ms: number) => (at: number) => {
    const start = NOON + at * MINUTE + ms;
    return { start, end: start + 10_000 };
  };
  expect(notices(runs(5, late(5001)))).toEqual(['always late: by 5.0s or more']);
  expect(notices(runs(5, late(5000)))).toEqual([]);
  expect(notices(runs(4, late(9000)))).toEqual([]);
});

it('the job takes longer than its period', () => {
  expect(notices([run(0, { end: NOON + 100 + 61_000 })])).toEqual([
    'takes longer than its period: 1m1s of 1m',
  ]);
  expect(notices([run(0, { end: NOON + 100 + 61_234 })])).toEqual([
    'takes longer than its period: 1m1s of 1m',
  ]);
  expect(notices([run(0, { state: 'running', end: undefined })], {}, NOON + 100 + 61_000)).toEqual([
    'takes longer than its period: 1m1s of 1m',
  ]);
});

it('the median of a few numbers', () => {
  expect([[], [3], [2, 1], [9, 1, 5]].map(medianOf)).toEqual([undefined, 3, 1, 5]);
});
