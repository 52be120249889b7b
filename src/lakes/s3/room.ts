/** The memory that all objects of a lake share while they are written. */

import { FIRST_PART } from './parts.ts';
import type { Spare } from './upload.ts';

/** Memory of objects that are being collected, or are in flight as one request. */
const MOST_BYTES = 2 * FIRST_PART;

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

  /** Takes memory. @returns whether there was enough */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > MOST_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** What takes memory of its own is done one after the other. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
