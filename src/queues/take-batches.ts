/**
 * Takes batches one after the other, and works on several at once.
 *
 * While work is short, the next batch is taken meanwhile, so that it need not wait for the disk. It is given back when it
 * would have to wait for longer.
 */

import { elapsedMs } from '../async/clock.ts';
import { LostBatch, type Queue, type TakenBatch, type TakeRequest } from './queue.ts';

/** Work that takes less is short. */
const SHORT_MS = 50;
/** How long a batch that was taken ahead may wait, when other takers could work on it. */
const HOLD_MS = 500;

/** Which batches are taken, and how many. */
export interface TakeSettings extends TakeRequest {
  /** The most batches in work at once. */
  readonly jobs: number;
  /** Ends after this many messages. */
  readonly limit: number;
  /** Hears of batches that are no longer ours. */
  warn(message: string): void;
}

/** Gives the slot of a work back before it has ended: `take`: the next batch may be taken; `work`: and worked on. */
export type Free = (next: 'take' | 'work') => void;

/**
 * Works on a batch. It may call `free` when all that is left is what it has asked the queue for: the next batch is then taken
 * in the same transaction.
 *
 * @returns whether the batch was used up: it does not come again
 */
type Work = (batch: TakenBatch, free: Free) => Promise<boolean>;

/**
 * Works on batches until the signal, until there are no more as `endsWhenEmpty` says, or up to the limit.
 *
 * @throws the first error of the work or of the queue, when all work has ended
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

/** A number of slots for work. */
class Slots {
  readonly #stop: AbortSignal;
  readonly #count: number;
  /** Work that holds back the next take, and work that holds back the next work. */
  #taken = 0;
  #busy = 0;
  #isShort = false;
  #waiting: (() => void)[] = [];

  constructor(count: number, stop: AbortSignal) {
    this.#count = count;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#wake());
  }

  /** Resolves when a batch may be taken: for a free slot, or ahead; and at the stop. */
  async takeable(): Promise<void> {
    while (this.#taken >= this.#count && !this.#isShort && !this.#stop.aborted) await this.changed();
  }

  /** Whether work may begin: waits for a free slot, for some time only. False at the stop. */
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

  /** A batch is held while work is short, or when a slot is given back already. */
  #mayHold(): boolean {
    return this.#isShort || this.#taken < this.#count;
  }

  /** Resolves when a slot is given back, or work has ended. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes a free slot. @returns what gives it back; it may be called again */
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
