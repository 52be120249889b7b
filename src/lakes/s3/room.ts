/** The memory shared by all objects of a lake being written. */

import { FIRST_PART } from './parts.ts';
import type { Spare } from './upload.ts';

/** Limit for objects being buffered, or in flight as a single request. */
const MAX_BYTES = 2 * FIRST_PART;

export class Room {
  readonly spare: Spare = [];
  #bytes = 0;
  #objects = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** Whether only one object is open. */
  get isForOne(): boolean {
    return this.#objects === 1;
  }

  enter(): void {
    this.#objects++;
  }

  leave(): void {
    this.#objects--;
  }

  /** Reserves memory. @returns whether there was enough */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > MAX_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Serialises work that needs memory of its own. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
