import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Queue, TakenBatch, TakeRequest } from '../../src/queues/queue.ts';
import { takeBatches } from '../../src/queues/take-batches.ts';

/** A queue of these numbers of messages; those that are given back come again. */
function queueOf(batches: number[]) {
  const left = [...batches];
  const log: string[] = [];
  const take = async ({ count, signal }: TakeRequest): Promise<TakenBatch | undefined> => {
    const length = signal.aborted ? undefined : left.shift();
    if (length === undefined) return undefined;
    log.push(`take ${length} of ${count === Number.POSITIVE_INFINITY ? 'any' : count}`);
    return {
      ...{ queueId: 'q', partition: 0, tries: 1, delays: 2, lease: undefined },
      messages: Array.from({ length }, (_, sequence) => ({ sequence, time: 0, body: Buffer.of() })),
      acknowledge: async () => void log.push(`ack ${length}`),
      giveBack: async (again) => {
        log.push(`back ${length} ${JSON.stringify(again)}`);
        left.unshift(length);
      },
      halve: async () => {},
      bury: async () => {},
    };
  };
  const queue = { take } as unknown as Queue;
  return { queue, log };
}

const request = {
  ...({ group: 'g', from: 'beginning', count: 5, bytes: 1, lingerMs: 0, endsWhenEmpty: true } as const),
  ...{ jobs: 1, limit: Number.POSITIVE_INFINITY },
  signal: new AbortController().signal,
  warn() {},
};

// What is short and what is long is measured, which a machine that is busy would change.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] }));
afterEach(() => void vi.useRealTimers());

/** Takes batches while the time passes that they take. */
async function takeAll(...words: Parameters<typeof takeBatches>): Promise<void> {
  const [taken] = await Promise.allSettled([takeBatches(...words), vi.runAllTimersAsync()]);
  if (taken.status === 'rejected') throw taken.reason;
}

describe('takeBatches', () => {
  it('takes the next batch as soon as one is free, and works on it when that is done', async () => {
    const { queue, log } = queueOf([2, 3]);
    await takeAll(queue, request, async (batch, free) => {
      log.push('work');
      free('take');
      await new Promise((resolve) => setTimeout(resolve, 5));
      await batch.acknowledge();
      return true;
    });
    expect(log).toEqual(['take 2 of 5', 'work', 'take 3 of 5', 'ack 2', 'work', 'ack 3']);
  });

  it('takes the next batch while it works, when work is short, and begins it before all is on disk', async () => {
    const { queue, log } = queueOf([1, 2, 3]);
    await takeAll(queue, request, async (batch, free) => {
      log.push('work');
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push('done');
      free('work');
      await new Promise((resolve) => setTimeout(resolve, 1));
      await batch.acknowledge();
      return true;
    });
    expect(log).toEqual([
      ...['take 1 of 5', 'work', 'done', 'take 2 of 5', 'work', 'take 3 of 5', 'ack 1'],
      ...['done', 'work', 'ack 2', 'done', 'ack 3'],
    ]);
  });

  it('gives back what it took ahead when work takes longer than before', async () => {
    const { queue, log } = queueOf([1, 2, 3]);
    let times = 0;
    await takeAll(queue, request, async () => {
      log.push(`work ${++times}`);
      await new Promise((resolve) => setTimeout(resolve, times === 2 ? 800 : 1));
      return true;
    });
    expect(log).toEqual([
      ...['take 1 of 5', 'work 1', 'take 2 of 5', 'work 2', 'take 3 of 5'],
      ...['back 3 {"delayMs":0,"tries":1,"delays":2}', 'take 3 of 5', 'work 3'],
    ]);
  });

  it('works on several at once', async () => {
    const { queue } = queueOf([1, 1, 1, 1, 1]);
    let now = 0;
    let most = 0;
    await takeAll(queue, { ...request, jobs: 3 }, async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return true;
    });
    expect(most).toBe(3);
  });

  it('ends at the limit, and does not count what is not used', async () => {
    const { queue, log } = queueOf([2, 2, 2, 2]);
    let times = 0;
    await takeAll(queue, { ...request, jobs: 2, limit: 5 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return ++times !== 1;
    });
    expect(log.map((entry) => entry.replace('take 2 of ', ''))).toEqual([
      '5',
      '3',
      expect.any(String),
      expect.any(String),
    ]);
  });

  it('throws the first error when all work has ended, and gives back what it has not begun', async () => {
    const { queue, log } = queueOf([1, 2]);
    let isDone = false;
    const work = takeAll(queue, request, async (_, free) => {
      free('take');
      await new Promise((resolve) => setTimeout(resolve, 5));
      isDone = true;
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(isDone).toBe(true);
    expect(log.at(-1)).toBe('back 2 {"delayMs":0,"tries":1,"delays":2}');
  });

  it('ends at the signal', async () => {
    const { queue, log } = queueOf([1, 1, 1]);
    const stop = new AbortController();
    await takeAll(queue, { ...request, signal: stop.signal }, async () => {
      stop.abort();
      return true;
    });
    expect(log).toEqual(['take 1 of 5']);
  });
});
