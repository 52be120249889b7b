/** Takes batches one after the other, and works on several at once. */

import type { Queue, TakenBatch, TakeRequest } from './queue.ts';

/** Which batches are taken, and how many. */
export interface TakeSettings extends TakeRequest {
  /** The most batches in work at once. */
  readonly jobs: number;
  /** Ends after this many messages. */
  readonly limit: number;
}

/**
 * Works on a batch. It may call `free` when it is done but for what it awaits from the queue: the next batch is then taken
 * in the same transaction.
 *
 * @returns whether the batch was used up: it does not come again
 */
type Work = (batch: TakenBatch, free: () => void) => Promise<boolean>;

/**
 * Works on batches until the signal, until there are no more as `endsWhenEmpty` says, or up to the limit.
 *
 * @throws the first error of the work or of the queue, when all work has ended
 */
export async function takeBatches(queue: Queue, settings: TakeSettings, work: Work): Promise<void> {
  const { jobs, limit, signal, ...request } = settings;
  const stop = new AbortController();
  const end = () => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const slots = new Slots(jobs);
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let out = 0;
  let used = 0;
  const fail = (error: unknown) => {
    failures.push(error);
    end();
  };
  const run = async (batch: TakenBatch) => {
    const free = slots.lend();
    out += batch.messages.length;
    try {
      if (await work(batch, free)) used += batch.messages.length;
    } catch (error) {
      fail(error);
    } finally {
      out -= batch.messages.length;
      free();
    }
  };
  try {
    while (used < limit) {
      await slots.available();
      const left = limit - used - out;
      if (left <= 0 && out > 0) await slots.changed();
      if (left <= 0) continue;
      const count = Math.min(request.count, left);
      const batch = stop.signal.aborted
        ? undefined
        : await queue.take({ ...request, count, signal: stop.signal });
      if (batch === undefined) break;
      // The work that has freed its slot early may still fail.
      while (running.size >= jobs) await Promise.race(running);
      if (stop.signal.aborted) {
        await batch.giveBack({ delayMs: 0, tries: batch.tries, delays: batch.delays });
        break;
      }
      const work = run(batch).finally(() => running.delete(work));
      running.add(work);
    }
  } catch (error) {
    fail(error);
  } finally {
    signal.removeEventListener('abort', end);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}

/** A number of slots for work, some of which are free. */
class Slots {
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when a slot is free. */
  async available(): Promise<void> {
    while (this.#free === 0) await this.changed();
  }

  /** Resolves when a slot is given back, or work has ended. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes a free slot. @returns what gives it back; it may be called again */
  lend(): () => void {
    this.#free--;
    let isLent = true;
    return () => {
      if (isLent) this.#free++;
      isLent = false;
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
  }
}
