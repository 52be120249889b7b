/** Passes on a command's output as it comes, until the command ends, even if an orphan still holds its pipe. */

import { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { later } from '../async/later.ts';

/** After the command has ended, its pipe counts as drained when nothing comes for this time. */
const QUIET_MS = 50;
/** Bytes passed on after the command has ended: more than a pipe holds, so any further ones come from orphans. */
const MAX_LEFT = 1 << 20;

/** One pipe, from its read end to its consumer. */
export class PassedOn {
  /** Rejects with the consumer's error; resolves at the end of the pipe. */
  readonly failed: Promise<void>;
  readonly #socket: Socket;
  readonly #take: (chunk: Buffer) => Promise<unknown>;
  #isOver = false;
  #isTaking = false;
  #chunks = 0;
  #left = Number.POSITIVE_INFINITY;

  /** @param take consumes a chunk; the next one is read when it resolves */
  constructor(descriptor: number, take: (chunk: Buffer) => Promise<unknown>) {
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.#take = take;
    this.failed = later(this.#passAll());
  }

  /** Drains and closes the pipe of a command that has ended. @throws the consumer's error */
  async rest(): Promise<void> {
    this.#left = MAX_LEFT;
    for (let known = -1; !this.#isOver && (this.#isTaking || known !== this.#chunks); ) {
      known = this.#chunks;
      await Promise.race([this.failed, sleep(QUIET_MS)]);
      // If this process was starved of CPU, the timer is due before the pipe was polled.
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
      // Destroyed by `rest`: an orphan holds the other end.
      if (this.#isTaking || !this.#socket.destroyed) throw error;
    } finally {
      this.#isOver = true;
    }
  }
}
