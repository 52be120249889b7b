/**
 * Takes batches one after the other, and processes up to `jobs` of them concurrently.
 *
 * While work is short, the next batch is prefetched, so that work need not wait for the disk. It is returned if it
 * would have to wait too long.
 */

import { elapsedMs } from '../async/clock.ts';
import { LostBatch, type Queue, type TakenBatch, type TakeRequest } from './queue.ts';

/** Work that takes less is short. */
const SHORT_MS = 50;
/** How long a prefetched batch may wait before it is returned for other takers. */
const HOLD_MS = 500;

/** Which batches are taken, and how many. */
export interface TakeSettings extends TakeRequest {
  /** Maximum number of batches to process concurrently. */
  readonly jobs: number;
  /** Ends after this many messages. */
  readonly limit: number;
  /** Told of batches whose lease was lost. */
  warn(message: string): void;
}

/** Frees a slot early: `take` allows the next batch to be taken, `work` also to be processed. */
export type Free = (next: 'take' | 'work') => void;

/**
 * Processes a batch. Calls `free` once only a request to the queue is left: the next take then shares its transaction.
 *
 * @returns whether the batch was used up, so that it is not redelivered
 */
type Work = (batch: TakenBatch, free: Free) => Promise<boolean>;

/**
 * Processes batches until the signal, the limit, or the end of the queue according to `endsWhenEmpty`.
 *
 * @throws the first error of the work or of the queue, once all work has ended
 */
export async function takeBatches(queue: Queue, settings: TakeSettings, work: Work): Promise<void> {
  const { jobs, limit, signal, warn, ...request } = settings;
  const stop = new AbortController();
  const end = () => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const slots = new Slots(jobs, stop.signal);
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
      if (error instanceof LostBatch) warn(error.message);
      else fail(error);
    } finally {
      out -= batch.messages.length;
      free('work');
    }
  };
  try {
    while (used < limit) {
      await slots.takeable();
      const left = limit - used - out;
      if (left <= 0 && out > 0) await slots.changed();
      if (left <= 0) continue;
      const count = Math.min(request.count, left);
      const batch = stop.signal.aborted
        ? undefined
        : await queue.take({ ...request, count, signal: stop.signal });
      if (batch === undefined) break;
      if (await slots.workable()) {
        const task = run(batch).finally(() => running.delete(task));
        running.add(task);
      } else await batch.giveBack({ delayMs: 0, tries: batch.tries, delays: batch.delays });
    }
  } catch (error) {
    fail(error);
  } finally {
    signal.removeEventListener('abort', end);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}

/** Limits concurrent work. */
class Slots {
  readonly #stop: AbortSignal;
  readonly #count: number;
  /** Number of slots that block the next take, and that block the next work. */
  #taken = 0;
  #busy = 0;
  #isShort = false;
  #waiting: (() => void)[] = [];

  constructor(count: number, stop: AbortSignal) {
    this.#count = count;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#wake());
  }

  /** Resolves when the next batch may be taken, into a free slot or as a prefetch; and on stop. */
  async takeable(): Promise<void> {
    while (this.#taken >= this.#count && !this.#isShort && !this.#stop.aborted) await this.changed();
  }

  /** Waits for a free slot, at most `HOLD_MS`. @returns whether work may begin; false on stop */
  async workable(): Promise<boolean> {
    if (this.#busy < this.#count) return !this.#stop.aborted;
    const timer = setTimeout(() => {
      this.#isShort = false;
      this.#wake();
    }, HOLD_MS);
    while (this.#busy >= this.#count && this.#mayHold() && !this.#stop.aborted) await this.changed();
    clearTimeout(timer);
    return this.#busy < this.#count && !this.#stop.aborted;
  }

  /** A prefetched batch may wait while work is short, or when a slot is already half freed. */
  #mayHold(): boolean {
    return this.#isShort || this.#taken < this.#count;
  }

  /** Resolves on the next change of a slot. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes a free slot. @returns a function that frees it, which may be called repeatedly */
  lend(): Free {
    const begun = elapsedMs();
    let state: 'taken' | 'busy' | 'free' = 'taken';
    this.#taken++;
    this.#busy++;
    return (next) => {
      if (state === 'taken') {
        this.#taken--;
        this.#isShort = elapsedMs() - begun < SHORT_MS;
        state = 'busy';
      }
      if (state === 'busy' && next === 'work') {
        this.#busy--;
        state = 'free';
      }
      this.#wake();
    };
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
