/** Passes on what a command prints, as it comes; not beyond the command's end, whoever still holds its pipe. */

import { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { later } from '../async/later.ts';

/** After the command's end its pipe counts as empty when nothing comes for this time. */
const QUIET_MS = 50;
/** Bytes that are passed on after the command's end: more than a pipe holds, so that they come from others. */
const MOST_LEFT = 1 << 20;

/** One pipe, from its read end to its taker. */
export class PassedOn {
  /** Rejects with the error of the taker; resolves at the end of the pipe. */
  readonly failed: Promise<void>;
  readonly #socket: Socket;
  readonly #take: (chunk: Buffer) => Promise<unknown>;
  #isOver = false;
  #isTaking = false;
  #chunks = 0;
  #left = Number.POSITIVE_INFINITY;

  /** @param take each chunk is read when it has taken the one before */
  constructor(descriptor: number, take: (chunk: Buffer) => Promise<unknown>) {
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.#take = take;
    this.failed = later(this.#passAll());
  }

  /** Passes on what is left of a command that has ended, and closes the pipe. @throws the taker's error */
  async rest(): Promise<void> {
    this.#left = MOST_LEFT;
    for (let known = -1; !this.#isOver && (this.#isTaking || known !== this.#chunks); ) {
      known = this.#chunks;
      await Promise.race([this.failed, sleep(QUIET_MS)]);
      // When this process had no CPU for that time, timers are due before the pipe was looked at.
      await nextTurn();
    }
    this.#socket.destroy();
    await this.failed;
  }

  /** Closes the pipe, whatever is left in it. */
  drop(): void {
    this.#socket.destroy();
  }

  async #passAll(): Promise<void> {
    try {
      for await (const chunk of this.#socket) {
        this.#chunks++;
        this.#isTaking = true;
        await this.#take(chunk);
        this.#isTaking = false;
        this.#left -= chunk.length;
        if (this.#left < 0) return;
      }
    } catch (error) {
      // Destroyed by `rest`: a process that was left behind holds the other end.
      if (this.#isTaking || !this.#socket.destroyed) throw error;
    } finally {
      this.#isOver = true;
    }
  }
}
