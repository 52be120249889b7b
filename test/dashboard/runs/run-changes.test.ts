import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changedRuns, readOpenRuns } from '../../../src/ledger/open-runs.ts';
import { addRequest, answerRequest } from '../../../src/ledger/requests.ts';
import { lockSchedule } from '../../../src/ledger/schedule-lock.ts';
import { until } from '../../harness.ts';
import { NOON, newRun, openedLedger, result } from '../../ledger/invented.ts';
import { asking, type ToldEvent, toldBy } from './asking.ts';

describe('the runs that may have changed', () => {
  const open = (newest: number, runs: readonly number[], ledger = 'a', count = newest) => ({
    ...{ ledger, newest, count, runs, asked: 3, isAsked: false },
  });

  it('are those that had not ended, those that have not ended, and new ones', () => {
    expect(changedRuns(open(5, [2, 4]), open(7, [4, 7]))).toEqual([2, 4, 6, 7]);
    expect(changedRuns(open(5, []), open(5, [3]))).toEqual([3]);
  });

  it('are not known without a look before, in another ledger, when there are too many, or when it was something else', () => {
    expect(changedRuns(undefined, open(1, [1]))).toBeNull();
    expect(changedRuns(open(1, [1]), undefined)).toBeNull();
    expect(changedRuns(open(1, [1]), open(1, [1], 'b'))).toBeNull();
    expect(changedRuns(open(5, [5]), open(4, []))).toBeNull();
    expect(changedRuns(open(0, []), open(1001, []))).toBeNull();
    expect(changedRuns(open(5, []), open(5, []))).toBeNull();
  });

  it('are not known when old ones were removed, whatever else goes on', () => {
    expect(changedRuns(open(5, [5]), open(5, [5], 'a', 4))).toBeNull();
    expect(changedRuns(open(5, [5]), open(6, [5, 6], 'a', 5))).toBeNull();
    expect(changedRuns(open(5, [5], 'a', 3), open(6, [6], 'a', 4))).toEqual([5, 6]);
  });
});

describe('what a person asks for', () => {
  it('may change any run, until some time after it was answered', async () => {
    const { ledger } = await openedLedger();
    await ledger.add(['a', 'b'].map((name) => newRun(name, NOON, { state: 'running' })));
    const look = () => ledger.read(readOpenRuns);
    const request = {
      verb: 'retry',
      job: undefined,
      run: 1,
      task: undefined,
      at: undefined,
      env: {},
      who: 'eve',
    } as const;
    const first = await look();
    const id = await ledger.write((file) => addRequest(file, request, NOON));
    const asked = await look();
    await ledger.write((file) => answerRequest(file, id, { status: 0, text: '1' }));
    const [answered, later] = [await look(), await look()];
    expect(changedRuns(first, asked)).toBeNull();
    expect(changedRuns(asked, answered)).toBeNull();
    expect(changedRuns(answered, later)).toEqual([1, 2]);
  });
});

describe('events of a ledger', () => {
  async function listening(path: string) {
    const asked = asking(path);
    const { body } = await asked.answer('/api/runs/events');
    const events: ToldEvent[] = [];
    const finished = toldBy(body, events);
    await until(() => events.length === 1, 'the first event');
    const next = async () => {
      const { length } = events;
      await until(() => events.length > length, 'an event');
      return events.at(-1)?.data;
    };
    return { ...asked, events, finished, next };
  }

  it('tell which runs may have changed, of a ledger that comes, goes and comes again', async () => {
    const { path, ledger } = await openedLedger();
    await ledger.close(false);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const { events, next } = await listening(path);
    const NOW = '2026-11-21T12:00:00Z';
    expect(events).toEqual([{ event: 'change', data: { now: NOW, live: false, runs: null } }]);
    const { open } = await openedLedger(path);
    expect(await next()).toEqual({ now: NOW, live: false, runs: null });
    const again = await open();
    await again.add([newRun('a', NOON, { state: 'running' })]);
    expect(await next()).toEqual({ now: NOW, live: false, runs: [1] });
    again.ended({ run: 1, task: 'a', number: 1 }, result('success'), [], { state: 'success' });
    await again.flush();
    expect(await next()).toEqual({ now: NOW, live: false, runs: [1] });
    const lock = await lockSchedule(path, NOON);
    expect(await next()).toEqual({ now: NOW, live: true, runs: null });
    lock.close();
  });

  it('end with the server, and count as listeners', async () => {
    const { path } = await openedLedger();
    const { close, finished, listeners, answer } = await listening(path);
    await answer('/api/runs/events');
    await expect(answer('/api/runs/events')).rejects.toMatchObject({ status: 429 });
    close();
    await finished;
    expect(listeners.all).toBe(0);
    await expect(answer('/api/runs/events')).rejects.toMatchObject({ status: 503 });
  });
});
