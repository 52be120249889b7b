/** How long a batch waits for more messages. */

import { elapsedMs } from '../../async/clock.ts';
import type { Lingering } from './next-batch.ts';

/** Of one taker. Counted from when a first message is seen; not at all for one that has been in the queue for as long. */
export class Linger implements Lingering {
  readonly #lingerMs: number;
  readonly #now: () => number;
  /** By partition: the first message of the batch to be, and when it was seen. */
  readonly #seen = new Map<number, { readonly first: number; readonly at: number }>();

  /** @param now epoch milliseconds */
  constructor(lingerMs: number, now: () => number) {
    this.#lingerMs = lingerMs;
    this.#now = now;
  }

  left(partition: number, first: number, time: number): number {
    let seen = this.#seen.get(partition);
    if (seen?.first !== first) {
      seen = { first, at: elapsedMs() };
      this.#seen.set(partition, seen);
    }
    const inQueue = this.#now() - time;
    return this.#lingerMs - Math.max(elapsedMs() - seen.at, inQueue);
  }
}
