/**
 * The bytes of a pipe as they arrive, without the detour of a stream as long as there are some: that takes half the
 * time. Where there are none the stream waits, so that signals are heard.
 */

import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../failure.ts';
import type { ByteStream } from './input.ts';

/** As much as a pipe holds, in bytes. */
const CHUNK = 1 << 16;
/** So many reads without hearing of anything else. */
const TURN = 16;

/**
 * @param stream of the same descriptor, which it has made one that does not block; nobody else reads it
 * @param passing whether a chunk may be gone when the next one is asked for: all are read into the same memory then
 */
export function pipeChunks(descriptor: number, stream: Readable, passing: boolean): ByteStream {
  return {
    [Symbol.asyncIterator]: () => chunks(stream, reader(descriptor, passing)),
    destroy: () => stream.destroy(),
  };
}

async function* chunks(stream: Readable, readNow: () => Buffer | undefined): AsyncGenerator<Buffer> {
  for (let turn = 1; ; turn++) {
    // What has come while others had their turn comes first.
    const arrived: Buffer | null = stream.read();
    const bytes = arrived ?? readNow();
    if (bytes === undefined) await arrival(stream);
    else if (bytes.length === 0) return;
    else yield bytes;
    if (turn % TURN === 0) await nextTurn();
  }
}

/** A function that gives what is there: undefined when nothing is, no bytes at the end. @throws the system's error */
function reader(descriptor: number, passing: boolean): () => Buffer | undefined {
  let space: Buffer | undefined;
  return () => {
    if (space === undefined || !passing) space = Buffer.allocUnsafeSlow(CHUNK);
    try {
      return space.subarray(0, readSync(descriptor, space, 0, CHUNK, null));
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return undefined;
      throw error;
    }
  };
}

/** Waits for bytes or the end. @throws the stream's error; when it is destroyed */
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
