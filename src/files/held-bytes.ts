/**
 * Holds any number of bytes until it is known whether they may be used. They are in an unlinked file, so a crash leaves
 * nothing behind.
 */

import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFailure } from '../failure.ts';
import { nodeOs } from '../load.ts';
import { readAt } from './read-at.ts';
import { tryToClose } from './remove.ts';
import { openUnnamed } from './unnamed.ts';

const CHUNK = 1 << 16;
/** Chunks between two turns of the event loop, where signals are noticed. */
const CHUNKS_PER_TURN = 16;

/** Written once, then read from the start any number of times. */
export class HeldBytes {
  readonly #descriptor: number;
  #length = 0;

  /** @throws Failure (I/O) */
  constructor() {
    this.#descriptor = openUnnamed(() => {});
  }

  get length(): number {
    return this.#length;
  }

  /** @throws Failure (I/O) */
  add(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      throw writeFailure(nodeOs().tmpdir(), error);
    }
    this.#length += bytes.length;
  }

  /** All bytes. @throws Failure (I/O) */
  async *chunks(): AsyncGenerator<Buffer> {
    for (let at = 0, chunks = 1; at < this.#length; chunks++) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = this.#read(chunk, at);
      at += length;
      yield chunk.subarray(0, length);
      if (chunks % CHUNKS_PER_TURN === 0) await nextTurn();
    }
  }

  #read(chunk: Buffer, at: number): number {
    try {
      return readAt(this.#descriptor, chunk, at);
    } catch (error) {
      throw writeFailure(nodeOs().tmpdir(), error);
    }
  }

  close(): void {
    tryToClose(this.#descriptor);
  }
}
