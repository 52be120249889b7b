import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/databases/sqlite-connection.ts';
import { readLastRun } from '../../src/ledger/history.ts';
import { writeJobByHand } from '../../src/ledger/jobs.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { privateFolder } from '../harness.ts';
import { job, MINUTE, markAt, NOON, newRun, openedLedger, result } from './invented.ts';

function reader(path: string) {
  const database = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => database.close());
  return (text: string) => database.prepare(text).all();
}

const settings = { waitMs: 0, signal: new AbortController().signal, now: () => NOON };

it('a try that was intended counts as started after another start of the machine, for good', async () => {
  const { ledger } = await openedLedger();
  await ledger.seeBoot('first');
  const mark = { decided: NOON, horizon: NOON };
  await ledger.decide(mark, [newRun('a', NOON, { state: 'running' }), newRun('b', NOON)]);
  const starts = async () =>
    (await ledger.unfinished()).flatMap(({ tries }) => tries.map(({ start }) => start));
  await ledger.seeBoot('first');
  expect(await starts()).toEqual([undefined]);
  await ledger.seeBoot('second');
  expect(await starts()).toEqual([NOON]);
  // As of a schedule that is killed before it has taken up what it found.
  await ledger.seeBoot('second');
  expect(await starts()).toEqual([NOON]);
});

it('a ledger that another one has taken the place of is not written to', async () => {
  const { ledger, path } = await openedLedger();
  await ledger.add([newRun('a', NOON)]);
  const other = await openedLedger();
  await other.ledger.add([newRun('other', NOON)]);
  await other.ledger.close(false);
  renameSync(other.path, path);
  const failure = { status: 74, message: `${path}: another ledger has taken its place` };
  await expect(ledger.add([newRun('a', NOON + MINUTE)])).rejects.toMatchObject(failure);
  ledger.changeRun(1, { state: 'skipped', reason: 'stopped' });
  await expect(ledger.flush()).rejects.toMatchObject(failure);
  expect(reader(path)('SELECT job, state FROM run')).toEqual([{ job: 'other', state: 'queued' }]);
});

describe('decide', () => {
  it('commits the mark and the runs, with the first try of those that run at once', async () => {
    const { ledger, path } = await openedLedger();
    expect(await ledger.mark()).toBeUndefined();
    const runs = await ledger.decide({ decided: NOON, horizon: NOON + MINUTE }, [
      newRun('a', NOON, { state: 'running' }),
      newRun('b', NOON, { state: 'skipped', reason: 'missed', count: 7 }),
      newRun('c', NOON, { env: { NAME: 'value' }, isOfNow: false, repeat: undefined, trigger: 'manual' }),
    ]);
    expect(runs).toMatchObject([
      { run: 1, job: 'a', state: 'running', tries: 1, count: 1, isOfNow: true, env: {}, queued: NOON },
      { run: 2, job: 'b', state: 'skipped', reason: 'missed', count: 7, tries: 0 },
      { run: 3, job: 'c', env: { NAME: 'value' }, isOfNow: false, repeat: undefined, start: undefined },
    ]);
    expect(await ledger.mark()).toEqual({ decided: NOON, horizon: NOON + MINUTE });
    const read = reader(path);
    expect(read('SELECT run, task, number, state, start FROM try')).toEqual([
      { run: 1, task: 'a', number: 1, state: 'running', start: null },
    ]);
    expect(read('SELECT job, scheduled FROM history')[1]).toEqual({
      job: 'b',
      scheduled: '2026-11-21T12:00:00.000Z',
    });
  });

  it('leaves out a run that was decided, and takes the minute that comes again', async () => {
    const { ledger } = await openedLedger();
    const decide = (at: number, trigger: 'schedule' | 'manual' = 'schedule') =>
      ledger.decide({ decided: at, horizon: NOON }, [
        newRun('a', at, { trigger, repeat: trigger === 'manual' ? undefined : 'again' }),
      ]);
    expect(await decide(NOON)).toMatchObject([{ repeat: 0 }]);
    // As after a commit that looked like a failure.
    expect(await decide(NOON)).toEqual([]);
    await ledger.decide({ decided: NOON - MINUTE, horizon: NOON }, []);
    expect(await decide(NOON)).toMatchObject([{ repeat: 1 }]);
    expect(await decide(NOON)).toEqual([]);
    await ledger.decide({ decided: NOON - MINUTE, horizon: NOON }, []);
    expect(await decide(NOON)).toMatchObject([{ repeat: 2 }]);
    expect(await decide(NOON, 'manual')).toMatchObject([{ repeat: undefined }]);
    expect(await decide(NOON, 'manual')).toMatchObject([{ repeat: undefined }]);
  });

  it('adds nothing when one of the runs cannot be added', async () => {
    const { ledger, path } = await openedLedger();
    const broken = newRun('b', Number.NaN);
    await expect(ledger.decide(markAt(NOON), [newRun('a', NOON), broken])).rejects.toThrow('NOT NULL');
    expect(reader(path)('SELECT * FROM run')).toEqual([]);
    expect(await ledger.mark()).toBeUndefined();
  });
});

describe('a run', () => {
  it('goes from queued to its end, over a try that failed', async () => {
    const { ledger, path, open } = await openedLedger();
    await ledger.decide(markAt(NOON), [newRun('a', NOON)]);
    const first = { run: 1, task: 'a', number: 1 };
    await ledger.intend([first]);
    expect(await ledger.unfinished()).toMatchObject([
      { run: { state: 'running', tries: 1 }, tries: [{ ...first, state: 'running', start: undefined }] },
    ]);
    ledger.started(first, NOON + 1000);
    const failed = result('failed', { status: 75, signal: 'SIGTERM', reason: 'timeout' });
    ledger.ended(first, failed, [], { state: 'up_for_retry', retryAt: NOON + MINUTE });
    expect(await ledger.unfinished()).toMatchObject([
      { run: { state: 'up_for_retry', retryAt: NOON + MINUTE, start: NOON + 1000 }, tries: [failed] },
    ]);
    await ledger.intend([{ ...first, number: 2 }]);
    const reports = [
      { tool: 'get-stats', in: 60, out: 1, rejected: 2, ms: 41, status: 0 },
      { tool: 'load-stats', in: 1, out: undefined, rejected: 1, ms: 50, status: 0 },
    ];
    const good = result('success', { start: NOON + MINUTE, end: NOON + 2 * MINUTE });
    ledger.ended({ ...first, number: 2 }, good, reports, { state: 'success' });
    await ledger.flush();
    expect(await (await open()).unfinished()).toEqual([]);
    const read = reader(path);
    expect(read('SELECT * FROM run')).toMatchObject([
      { state: 'success', tries: 2, start: NOON + 1000, end: NOON + 2 * MINUTE, status: 0, retry_at: null },
    ]);
    expect(read('SELECT rows_in, rows_out, rejected FROM run')).toEqual([
      { rows_in: 1, rows_out: null, rejected: 3 },
    ]);
    expect(read('SELECT tool, rows_in, ms FROM report')).toEqual([
      { tool: 'get-stats', rows_in: 60, ms: 41 },
      { tool: 'load-stats', rows_in: 1, ms: 50 },
    ]);
  });

  it('that has ended is on disk soon, though nobody asks', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.decide(markAt(NOON), [newRun('a', NOON, { state: 'running' })]);
    ledger.ended({ run: 1, task: 'a', number: 1 }, result('success'), [], { state: 'success' });
    const read = reader(path);
    await expect.poll(() => read('SELECT state FROM run')).toEqual([{ state: 'success' }]);
  });

  it('is taken up again', async () => {
    const { ledger } = await openedLedger();
    await ledger.decide(markAt(NOON), [newRun('a', NOON, { state: 'running' })]);
    ledger.ended({ run: 1, task: 'a', number: 1 }, result('failed'), [], { state: 'failed' });
    const again = await ledger.retry(1, false);
    expect(again).toMatchObject({ run: 1, state: 'queued', trigger: 'retry', tries: 1, isOfNow: false });
    expect(await ledger.run(1)).toEqual(again);
    expect(await ledger.run(2)).toBeUndefined();
    await expect(ledger.retry(2, true)).rejects.toMatchObject({ status: 66, message: 'no such run: 2' });
  });

  it('is skipped, when that turns out later', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.decide(markAt(NOON), [newRun('a', NOON)]);
    ledger.changeRun(1, { state: 'skipped', reason: 'overlap' });
    await ledger.flush();
    expect(reader(path)('SELECT state, reason FROM run')).toEqual([{ state: 'skipped', reason: 'overlap' }]);
  });
});

describe('the history of a job', () => {
  it('tells what was worked on last, and how many runs failed since', async () => {
    const { ledger } = await openedLedger();
    expect(await ledger.lastSuccess('a')).toBeUndefined();
    const states = ['success', 'failed', 'success', 'success', 'failed', 'skipped', 'failed'] as const;
    // Somebody has asked for the first run, of a time to come; the fourth is for a time before the third.
    const times = [5, -9, -4, -8, -3, -2, -1];
    await ledger.add(times.map((time) => newRun('a', NOON + time * MINUTE)));
    for (const [at, state] of states.entries()) {
      const run = at + 1;
      ledger.ended({ run, task: 'a', number: 1 }, result(state), [], { state });
    }
    expect(await ledger.lastSuccess('a')).toBe(NOON - 4 * MINUTE);
    expect(await ledger.failuresInARow('a', 10)).toBe(2);
    expect(await ledger.failuresInARow('a', 1)).toBe(1);
    expect(await ledger.failuresInARow('b', 10)).toBe(0);
  });
});

describe('jobs', () => {
  it('are those of the schedule; the others are gone until they come back', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('a', { policies: { final: new Set([64]), timeoutMs: Infinity } }), job('b')]);
    await ledger.register([job('c'), job('b', { schedule: '@daily' })]);
    const read = reader(path);
    expect(read('SELECT name, position, schedule, gone FROM job')).toEqual([
      { name: 'a', position: 0, schedule: '* * * * *', gone: NOON },
      { name: 'b', position: 1, schedule: '@daily', gone: null },
      { name: 'c', position: 0, schedule: '* * * * *', gone: null },
    ]);
    expect(read('SELECT policies FROM job')[0]).toEqual({ policies: '{"final":[64],"timeoutMs":null}' });
    expect(await ledger.jobs()).toMatchObject([
      { name: 'c' },
      { name: 'b', gone: undefined },
      { name: 'a', gone: NOON },
    ]);
    await ledger.register([job('a')]);
    expect(read('SELECT name FROM job WHERE gone IS NULL')).toEqual([{ name: 'a' }]);
    expect(await ledger.paused()).toEqual(new Set());
  });

  it('that are run by hand stay, and do not take one from the schedule', async () => {
    const { ledger } = await openedLedger();
    const about = { owner: 'me', description: undefined, tags: ['x'], env: { STATION: 'attic' } };
    const byHand = (name: string) =>
      ledger.write((file) => writeJobByHand(file, job(name, { place: 'by hand', about })));
    const jobs = async () => (await ledger.jobs()).map(({ name, place, gone }) => [name, place, gone]);
    await ledger.register([job('a')]);
    await byHand('a');
    await byHand('graph');
    await ledger.register([job('b')]);
    expect(await jobs()).toEqual([
      ['b', 'crontab:1', undefined],
      ['graph', 'by hand', undefined],
      ['a', 'crontab:1', NOON],
    ]);
    expect((await ledger.jobs())[1]).toMatchObject({
      ...{ about: { owner: 'me', env: about.env }, when: { kind: 'never' } },
    });
    await byHand('a');
    expect((await jobs()).map(([name]) => name)).toEqual(['b', 'a', 'graph']);
    await ledger.register([job('graph')]);
    await ledger.register([]);
    expect(await jobs()).toEqual([
      ['a', 'by hand', undefined],
      ['b', 'crontab:1', NOON],
      ['graph', 'crontab:1', NOON],
    ]);
  });
});

describe('a full disk', () => {
  it('refuses what is to be decided, and gets later what was remembered', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.decide(markAt(NOON), [newRun('a', NOON, { state: 'running' })]);
    const mostPages = (pages: number) =>
      ledger.read(({ database }) => database.exec(`PRAGMA max_page_count = ${pages}`));
    // No more than there are.
    await mostPages(1);
    const tool = 'x'.repeat(100_000);
    const report = { tool, in: 1, out: 1, rejected: 0, ms: 1, status: 0 };
    ledger.ended({ run: 1, task: 'a', number: 1 }, result('success'), [report], { state: 'success' });
    const full = { status: 74, message: `${path}: database or disk is full` };
    await expect(ledger.flush()).rejects.toMatchObject(full);
    const decide = () => ledger.decide(markAt(NOON + MINUTE), [newRun('b', NOON)]);
    await expect(decide()).rejects.toMatchObject(full);
    expect(await ledger.mark()).toEqual(markAt(NOON));
    expect(reader(path)('SELECT job, state FROM run')).toEqual([{ job: 'a', state: 'running' }]);
    await mostPages(100_000);
    expect(await decide()).toMatchObject([{ job: 'b' }]);
    expect(reader(path)('SELECT job, state FROM run')).toEqual([
      { job: 'a', state: 'success' },
      { job: 'b', state: 'queued' },
    ]);
  });
});

describe('a file', () => {
  it('keeps its name, and is one file when it is closed', async () => {
    const { ledger, path, open } = await openedLedger();
    expect(ledger.id).toMatch(/^[\da-f]{16}$/);
    await ledger.close(false);
    // SQLite removes it when the process ends.
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    expect((await open()).id).toBe(ledger.id);
  });

  it('that was removed is made again, by the same name and with the same jobs', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('a')]);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix);
    expect(await ledger.decide(markAt(NOON), [newRun('a', NOON)])).toHaveLength(1);
    expect(reader(path)('SELECT name FROM ledger')).toEqual([{ name: ledger.id }]);
    expect(reader(path)('SELECT name, gone FROM job')).toEqual([{ name: 'a', gone: null }]);
  });

  it('of a later version, of another program, or damaged is refused, and left as it is', async () => {
    const folder = await privateFolder();
    const refused = async (name: string, message: string) => {
      const path = join(folder, name);
      const before = readFileSync(path);
      await expect(Ledger.open(path, settings)).rejects.toMatchObject({
        status: 78,
        message: `${path}: ${message}`,
      });
      expect(readFileSync(path).equals(before)).toBe(true);
    };
    const { ledger, path } = await openedLedger();
    await ledger.close(false);
    const whole = readFileSync(path);
    await writeFile(
      join(folder, 'damaged.db'),
      Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 1)]),
    );
    await writeFile(join(folder, 'later.db'), whole);
    const later = new DatabaseSync(join(folder, 'later.db'));
    later.exec('PRAGMA user_version = 2');
    later.close();
    const rows = new DatabaseSync(join(folder, 'rows.db'));
    rows.exec('CREATE TABLE rows (a)');
    rows.close();
    await writeFile(join(folder, 'text.db'), 'not a database at all\n'.repeat(1000));
    await refused('later.db', 'unknown file version 2: it needs a newer etlutils');
    await refused('rows.db', 'not a ledger: a database of another program');
    await refused('text.db', 'not a ledger: a file of another program');
    await refused('damaged.db', 'the ledger is damaged: put it aside, or repair it');
  });

  it('is none for rows', async () => {
    const { ledger, path } = await openedLedger();
    await ledger.close(false);
    expect(() => openDatabase(path)).toThrow('is a ledger of runs, not a database for rows');
  });
});

it('the last run to be resumed is one that was killed before it had begun, and not one that overlapped', async () => {
  const { ledger } = await openedLedger();
  await ledger.add(
    [0, 1, 2, 3].map((at) => newRun('a', NOON + at, { repeat: undefined, ...(at < 3 && { graph: 'hash' }) })),
  );
  ledger.changeRun(2, { state: 'failed', reason: 'lost' });
  ledger.changeRun(3, { state: 'skipped', reason: 'overlap' });
  await ledger.flush();
  expect(await ledger.read((file) => readLastRun(file, 'a', 'resumable'))).toBe(2);
});
