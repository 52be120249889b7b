/** Linger: how long a batch waits for more messages. */

import { elapsedMs } from '../../async/clock.ts';
import type { Lingering } from './next-batch.ts';

/** For one take. The wait counts from when the first message was put or first seen, whichever is earlier. */
export class Linger implements Lingering {
  readonly #lingerMs: number;
  readonly #now: () => number;
  /** By partition: the first message of the next batch, and when it was seen. */
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
