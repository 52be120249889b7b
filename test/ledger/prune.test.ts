import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { writeGraph } from '../../src/ledger/graphs.ts';
import { logFolderOf, logPath, runDirectory } from '../../src/ledger/log-path.ts';
import { type Keep, pruneLedger } from '../../src/ledger/prune.ts';
import type { State } from '../../src/ledger/records.ts';
import { beginGraph, endGraph } from '../../src/ledger/tasks.ts';
import { job, MINUTE, NOON, newRun, openedLedger, result } from './invented.ts';

const FOREVER: Keep = { ms: Infinity, failedMs: Infinity, mostRuns: Infinity };

/** A run of `a` each minute with these states, each with a log; `b` has one that failed. */
async function filled(states: readonly State[]) {
  let now = NOON;
  const { path, open } = await openedLedger();
  const ledger = await open(() => now);
  await ledger.register([job('a'), job('b')]);
  const log = (run: number) =>
    logPath(logFolderOf(path), { run, job: 'a', scheduled: NOON + (run - 1) * MINUTE, repeat: 0 }, 'a', 1);
  for (const [at, state] of states.entries()) {
    now = NOON + at * MINUTE;
    await ledger.add([newRun('a', now, { state: 'running', repeat: 0 })]);
    const one = { run: at + 1, task: 'a', number: 1 };
    const report = { tool: 'get-stats', in: 1, out: 1, rejected: 0, ms: 1, status: 0 };
    if (state === 'success' || state === 'failed') ledger.ended(one, result(state), [report], { state });
    else ledger.changeRun(at + 1, { state });
    mkdirSync(dirname(log(at + 1)), { recursive: true });
    writeFileSync(log(at + 1), 'text\n');
  }
  await ledger.flush();
  now = NOON + states.length * MINUTE;
  const prune = async (keep: Partial<Keep>) => {
    const signal = new AbortController().signal;
    const count = await pruneLedger(
      ledger,
      { ...FOREVER, ...keep },
      { logFolder: logFolderOf(path), now, signal },
    );
    const left = await ledger.read(({ sql }) => sql('SELECT run FROM run ORDER BY run').all());
    return { count, left: left.map(({ run }: { run: number }) => run) };
  };
  return { ledger, path, log, prune };
}

it('forgets runs by age, those that failed later, with their tries, reports and logs', async () => {
  const { ledger, log, prune } = await filled([
    'success',
    'failed',
    'skipped',
    'failed',
    'success',
    'success',
  ]);
  // Run 5 is two minutes old.
  expect(await prune({ ms: 2 * MINUTE, failedMs: 4 * MINUTE })).toEqual({ count: 3, left: [4, 5, 6] });
  for (const table of ['try', 'report']) {
    const rows = await ledger.read(({ sql }) => sql(`SELECT DISTINCT run FROM ${table} WHERE run < 4`).all());
    expect(rows).toEqual([]);
  }
  expect([1, 2, 3, 4, 5, 6].map((run) => existsSync(log(run)))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  expect(await prune({ ms: 2 * MINUTE, failedMs: 4 * MINUTE })).toEqual({ count: 0, left: [4, 5, 6] });
});

it('keeps a number of runs for each job', async () => {
  const { prune } = await filled(['success', 'failed', 'success', 'skipped', 'success']);
  expect(await prune({ mostRuns: 2 })).toEqual({ count: 3, left: [4, 5] });
});

it('keeps what has not ended, and the newest success of a job, until that is gone', async () => {
  const { ledger, prune } = await filled([
    'queued',
    'success',
    'success',
    'failed',
    'running',
    'up_for_retry',
    'failed',
  ]);
  expect(await prune({ ms: 0, failedMs: 0, mostRuns: 1 })).toEqual({ count: 3, left: [1, 3, 5, 6] });
  expect(await ledger.lastSuccess('a')).toBe(NOON + 2 * MINUTE);
  await ledger.register([job('b')]);
  expect(await prune({ ms: 0 })).toEqual({ count: 1, left: [1, 5, 6] });
  expect((await ledger.jobs()).map(({ name }) => name)).toEqual(['b', 'a']);
  for (const run of [1, 5, 6]) ledger.changeRun(run, { state: 'failed' });
  await ledger.flush();
  expect(await prune({ ms: -1, failedMs: -1 })).toEqual({ count: 3, left: [] });
  expect((await ledger.jobs()).map(({ name }) => name)).toEqual(['b']);
});

it('forgets thousands in small steps, and makes the file smaller', async () => {
  let now = NOON;
  const { path, open } = await openedLedger();
  const ledger = await open(() => now);
  await ledger.add(
    Array.from({ length: 3000 }, (_, at) => newRun('a', NOON + at, { state: 'skipped', repeat: 0 })),
  );
  const size = async () => {
    await ledger.read(({ database }) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    return statSync(path).size;
  };
  const before = await size();
  now += MINUTE;
  const signal = new AbortController().signal;
  const count = await pruneLedger(
    ledger,
    { ...FOREVER, ms: 1 },
    { logFolder: logFolderOf(path), now, signal },
  );
  expect(count).toBe(3000);
  expect(await size()).toBeLessThan(before / 2);
});

it('a run that is taken up again meanwhile stays', async () => {
  const { ledger, prune } = await filled(['success', 'failed', 'success']);
  const pruned = prune({ failedMs: MINUTE });
  // Its page is read by then, and its files are being removed.
  await Promise.all([pruned, ledger.retry(2, false)]);
  expect((await pruned).left).toEqual([1, 2, 3]);
  expect(await ledger.run(2)).toMatchObject({ state: 'queued' });
});

it('a log that cannot be removed holds up no other run', async () => {
  const { ledger, path, prune } = await filled(['failed', 'success']);
  await ledger.add([newRun('b', NOON, { state: 'running' })]);
  ledger.ended({ run: 3, task: 'b', number: 1 }, result('failed'), [], { state: 'failed' });
  await ledger.flush();
  writeFileSync(join(logFolderOf(path), 'b'), 'no folder');
  const failure = { message: `${join(logFolderOf(path), 'b')}: not a directory` };
  await expect(prune({ ms: -MINUTE, failedMs: -MINUTE })).rejects.toMatchObject(failure);
  expect((await prune({})).left).toEqual([2, 3]);
});

it('forgets with a run its tasks, the folder of their files, and the file of the graph when no run of it is left', async () => {
  const { ledger, path, prune } = await filled(['success', 'success', 'success']);
  const directory = (run: number) => {
    const place = { run, job: 'a', scheduled: NOON + (run - 1) * MINUTE, repeat: 0 };
    return runDirectory(logFolderOf(path), place);
  };
  await ledger.write((file) => {
    for (const run of [1, 2, 3]) {
      const hash = run === 1 ? 'old' : 'new';
      writeGraph(file, { hash, file: 'a.yaml', text: hash, tasks: [] });
      beginGraph(file, run, hash, [{ task: 'load', position: 0, hash, state: 'success' }]);
      endGraph(file, run, { state: 'success', reason: undefined, status: 0, end: NOON, rows: undefined });
      mkdirSync(directory(run), { recursive: true });
      writeFileSync(join(directory(run), 'hour'), 'text');
    }
  });
  const all = async (words: string) =>
    (await ledger.read(({ sql }) => sql(words).all())).flatMap(Object.values);
  expect((await prune({ mostRuns: 2 })).left).toEqual([2, 3]);
  expect(await all('SELECT run FROM task ORDER BY run')).toEqual([2, 3]);
  expect(await all('SELECT hash FROM graph')).toEqual(['new']);
  expect([1, 2, 3].map((run) => existsSync(directory(run)))).toEqual([false, true, true]);
});
