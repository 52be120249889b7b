import { readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  readBefore,
  readHistories,
  readLastResults,
  readLastRun,
  readRuns,
} from '../../src/ledger/history.ts';
import { readSlice } from '../../src/ledger/newest-runs.ts';
import { readFailuresInARow, readLastSuccess, readUnfinished } from '../../src/ledger/read-runs.ts';
import { LedgerReader } from '../../src/ledger/reader.ts';
import { runOf } from '../../src/ledger/rows.ts';
import { isScheduleLive, lockSchedule } from '../../src/ledger/schedule-lock.ts';
import { privateFolder } from '../harness.ts';
import { job, MINUTE, markAt, NOON, newRun, openedLedger, result } from './invented.ts';
import { plansOf } from './plans.ts';

function reading(path: string) {
  const reader = new LedgerReader(path, { waitMs: 1000, signal: new AbortController().signal });
  onTestFinished(() => reader.close());
  return reader;
}

it('reads what was committed, creates nothing, and finds a ledger that was put in its place', async () => {
  const folder = await privateFolder();
  const path = join(folder, 'runs.db');
  const reader = reading(path);
  const last = () => reader.read((file) => readLastRun(file, undefined));
  expect(await last()).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
  const { ledger, open } = await openedLedger(path);
  await ledger.decide(markAt(NOON), [newRun('a', NOON), newRun('b', NOON)]);
  expect(await last()).toBe(2);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  expect(await last()).toBeUndefined();
  await (await open()).decide(markAt(NOON), [newRun('a', NOON)]);
  expect(await last()).toBe(1);
});

it('refuses what is no ledger', async () => {
  const path = join(await privateFolder(), 'runs.db');
  await writeFile(path, 'not a database at all\n'.repeat(1000));
  await expect(reading(path).read(() => 1)).rejects.toMatchObject({ status: 78 });
});

it('tells what somebody else has written into a ledger from a bug', async () => {
  const { path, ledger } = await openedLedger();
  await ledger.add([newRun('a', NOON)]);
  const run = () => reading(path).read((file) => runOf(file, 1));
  expect(await run()).toMatchObject({ job: 'a' });
  const changes = [
    ...["env = '{'", 'env = NULL, tries = 9223372036854775807', 'tries = 0, scheduled = 9000000000000000'],
    ...['scheduled = 0, "end" = -9000000000000000'],
  ];
  for (const change of changes) {
    await ledger.write(({ database }) => database.exec(`UPDATE run SET ${change}`));
    await expect(run()).rejects.toMatchObject({
      ...{ status: 78, message: `${path}: the ledger is damaged: put it aside, or repair it` },
    });
    await expect(reading(path).read((file) => readSlice(file, all, page))).rejects.toMatchObject({
      status: 78,
    });
  }
});

const page = { before: 2, limit: 1 };
const all = { job: undefined, states: [], triggers: [], from: undefined, to: undefined };

it('lists runs page by page, or the newest, of a job, of those that failed, from a time on', async () => {
  let now = NOON;
  const { path, open } = await openedLedger();
  const ledger = await open(() => now);
  for (const [at, name] of ['a', 'b', 'a', 'b', 'a'].entries()) {
    now = NOON + at * MINUTE;
    await ledger.decide(markAt(now), [newRun(name, now, { state: 'running', task: `task of ${name}` })]);
    const state = at % 4 === 0 ? 'failed' : 'success';
    ledger.ended({ run: at + 1, task: `task of ${name}`, number: 1 }, result(state), [], { state });
  }
  await ledger.flush();
  const all = { job: undefined, isFailed: false, since: undefined, most: undefined };
  const list = async (also: object, after = 0) =>
    (await reading(path).read((file) => readRuns(file, { ...all, ...also }, after)))?.map(({ run }) => run);
  expect(await list({})).toEqual([1, 2, 3, 4, 5]);
  expect(await list({}, 3)).toEqual([4, 5]);
  expect(await list({ most: 2 })).toEqual([4, 5]);
  expect(await list({ job: 'b' })).toEqual([2, 4]);
  expect(await list({ isFailed: true })).toEqual([1, 5]);
  expect(await list({ isFailed: true, job: 'a', most: 1 })).toEqual([5]);
  expect(await list({ since: NOON + 2 * MINUTE })).toEqual([3, 4, 5]);
  expect(await list({ since: NOON + 9 * MINUTE })).toEqual([]);
  const [run] = (await reading(path).read((file) => readRuns(file, all, 0))) ?? [];
  expect(run).toMatchObject({ job: 'a', task: 'task of a', state: 'failed', status: 1 });
  expect(await reading(path).read((file) => readLastResults(file, 'a'))).toEqual({
    success: NOON + 3000,
    last: { run: 5, state: 'failed', end: NOON + 3000 },
  });
  expect(await reading(path).read((file) => readLastResults(file, 'c'))).toEqual({});
});

it('tells the last runs of each job of the schedule, and how long those took that succeeded', async () => {
  const { ledger, path } = await openedLedger();
  await ledger.register([job('b'), job('gone')]);
  await ledger.register([job('b'), job('a')]);
  await ledger.add(Array.from({ length: 50 }, (_, at) => newRun('b', NOON + at * MINUTE)));
  for (let run = 1; run <= 50; run++) {
    const state = run % 2 === 0 ? 'success' : 'failed';
    const taken = result(state, { start: NOON, end: NOON + run });
    ledger.ended({ run, task: 'b', number: 1 }, taken, [], { state });
  }
  await ledger.flush();
  const histories = await reading(path).read(readHistories);
  expect(histories?.map((one) => one.job.name)).toEqual(['b', 'a']);
  const [b, a] = histories ?? [];
  expect(b?.recent.map(({ run }) => run)).toEqual(Array.from({ length: 30 }, (_, at) => 21 + at));
  expect(b?.durations).toEqual(Array.from({ length: 21 }, (_, at) => 10 + 2 * at));
  expect(a).toMatchObject({ recent: [], durations: [] });
});

it('a schedule is alone with its ledger, and others see that it is there', async () => {
  const path = join(await privateFolder(), 'runs.db');
  expect(await isScheduleLive(path)).toBe(false);
  expect(readdirSync(dirname(path))).toEqual([]);
  const lock = await lockSchedule(path, NOON);
  expect(await isScheduleLive(path)).toBe(true);
  await expect(lockSchedule(path, NOON)).rejects.toMatchObject({
    status: 75,
    message: expect.stringMatching(
      `^${path}: in use by another schedule: pid ${process.pid} on .* since 2026-11-21T12:00:00Z$`,
    ),
  });
  lock.close();
  // Those who look do not take each other for a schedule.
  const looks = await Promise.all(Array.from({ length: 5 }, () => isScheduleLive(path)));
  expect(looks).toEqual(Array(5).fill(false));
  (await lockSchedule(path, NOON)).close();
});

it('finds what it looks for by an index, however many runs there are', async () => {
  const { ledger } = await openedLedger();
  await ledger.register([job('a')]);
  const plans = await plansOf(ledger, (looking) => {
    readHistories(looking);
    readLastResults(looking, 'a');
    for (const kind of ['any', 'begun', 'unfinished'] as const) readLastRun(looking, 'a', kind);
    readFailuresInARow(looking, { job: 'a', most: 1, task: undefined });
    readFailuresInARow(looking, { job: 'a', most: 1, task: 'load' });
    readLastSuccess(looking, 'a', NOON);
    readUnfinished(looking);
    readBefore(looking, NOON);
    const all = { job: undefined, isFailed: false, since: undefined, most: undefined };
    const failed = { isFailed: true };
    const lost = { ...failed, lost: [1, 2] };
    for (const also of [
      {},
      { job: 'a' },
      failed,
      { job: 'a', ...failed },
      lost,
      { job: 'a', ...lost },
      { since: NOON },
    ])
      readRuns(looking, { ...all, ...also }, 0);
  });
  expect(plans.length).toBeGreaterThan(12);
  expect(
    plans.filter((plan) => /^SCAN (try|report|run)\b(?! USING INDEX run_unfinished)/.test(plan)),
  ).toEqual([]);
});
