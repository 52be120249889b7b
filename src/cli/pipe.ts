/**
 * Reads a pipe. Bytes that are waiting in it are read synchronously, which takes half as long as a stream. While the pipe is
 * empty a stream waits, so that signals are still handled. The stream is created only then, since creating it takes time.
 */

import { constants } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../failure.ts';
import { readAt } from '../files/read-at.ts';
import { tryToClose } from '../files/remove.ts';
import { openAgain } from '../files/reopen.ts';
import type { StdinPipe } from './input.ts';

/** Bytes per read: the capacity of a pipe. */
const CHUNK = 1 << 16;
/** Reads between two turns of the event loop. */
const READS_PER_TURN = 16;

/** A pipe that is read synchronously into the caller's memory, or as a stream of chunks. */
export class Pipe implements StdinPipe {
  readonly #descriptor: number;
  readonly #openStream: () => Readable;
  #stream: Readable | undefined;
  /** Our own non-blocking descriptor of the pipe; undefined where the system cannot reopen it. */
  readonly #own: number | undefined;
  #isClosed = false;
  /** Bytes that were peeked at, but not read yet. */
  #head = Buffer.alloc(0);

  /** @param openStream makes the only other reader: a stream of the same descriptor, which it makes non-blocking */
  constructor(descriptor: number, openStream: () => Readable) {
    this.#descriptor = descriptor;
    this.#openStream = openStream;
    this.#own = openAgain(descriptor, constants.O_RDONLY);
    if (this.#own === undefined) this.#stream = openStream();
  }

  read(space: Buffer): number | undefined {
    if (this.#isClosed) throw new Error('it was closed');
    if (this.#head.length > 0) return this.#readHead(space);
    // Bytes that the stream has already read come first.
    const waiting = this.#stream?.readableLength ?? 0;
    if (waiting > 0) {
      const arrived: Buffer = this.#stream?.read(Math.min(waiting, space.length));
      return arrived.copy(space);
    }
    try {
      return readAt(this.#own ?? this.#descriptor, space, null);
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return undefined;
      throw error;
    }
  }

  arrival(): Promise<void> {
    this.#stream ??= this.#openStream();
    return arrival(this.#stream);
  }

  async peek(length: number, isEnough: (arrived: Buffer) => boolean = () => false): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(length, this.#head.length));
    let end = this.#readHead(bytes);
    let isDone = isEnough(bytes.subarray(0, end));
    while (!isDone && end < length) {
      const read = this.read(bytes.subarray(end));
      if (read === undefined) await this.arrival();
      else {
        isDone = read === 0 || isEnough(bytes.subarray(end, end + read));
        end += read;
      }
    }
    this.#head = bytes.subarray(0, end);
    return this.#head.subarray(0, length);
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream?.destroy();
    if (this.#own !== undefined) tryToClose(this.#own);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let reads = 1; ; reads++) {
      const space = Buffer.allocUnsafeSlow(CHUNK);
      const read = this.read(space);
      if (read === undefined) await this.arrival();
      else if (read === 0) return;
      else yield space.subarray(0, read);
      if (reads % READS_PER_TURN === 0) await nextTurn();
    }
  }

  #readHead(space: Buffer): number {
    const read = this.#head.copy(space);
    this.#head = this.#head.subarray(read);
    return read;
  }
}

/** Waits for bytes or the end of the stream. @throws the stream's error; an error if it is destroyed */
function arrival(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      for (const [name, listener] of listeners) stream.off(name, listener);
      if (error === undefined) resolve();
      else reject(error);
    };
    const listeners = [
      ['readable', () => settle()],
      ['end', () => settle()],
      ['error', (error: Error) => settle(error)],
      ['close', () => settle(new Error('it was closed'))],
    ] as const;
    for (const [name, listener] of listeners) stream.on(name, listener);
  });
}
