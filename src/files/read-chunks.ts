/**
 * Reads an open regular file in chunks; the next one is read while one is worked on.
 *
 * Not by a stream of Node: to load and to start one takes longer than to read most files. So does a thread that reads:
 * only a file of several chunks gets one. Memory: two chunks.
 */

import { read } from 'node:fs';
import { later } from '../async/later.ts';
import { isInterrupted, readAt } from './read-at.ts';

const CHUNK = 1 << 16;

/**
 * The bytes from the descriptor's own offset on, in chunks of 64 KiB at most.
 *
 * @param size how many bytes to read at most, so that a file that grows meanwhile has an end @throws the system's error
 */
export async function* readChunks(descriptor: number, size: number): AsyncGenerator<Buffer> {
  for (let left = size; left > 0; ) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const length = readAt(descriptor, chunk.subarray(0, left), null);
    if (length === 0) return;
    left -= length;
    if (length === CHUNK) return yield* readAhead(descriptor, chunk, left);
    yield chunk.subarray(0, length);
  }
}

/** How many bytes a regular file has for its readers: files of /proc tell no size. */
export function readableSize(size: number): number {
  return size === 0 ? Number.POSITIVE_INFINITY : size;
}

async function* readAhead(descriptor: number, first: Buffer, size: number): AsyncGenerator<Buffer> {
  let left = size;
  let next = readChunk(descriptor, left);
  try {
    for (let chunk = first; chunk.length > 0; ) {
      yield chunk;
      chunk = await next;
      left -= chunk.length;
      next = readChunk(descriptor, left);
    }
  } finally {
    // The descriptor may be closed after this, and be another file's by the time that the read is done.
    await next.catch(() => {});
  }
}

/** Empty at the end. */
function readChunk(descriptor: number, left: number): Promise<Buffer> {
  return later(
    new Promise((resolve, reject) => {
      read(descriptor, Buffer.allocUnsafe(CHUNK), 0, Math.min(CHUNK, left), null, (error, count, bytes) => {
        if (isInterrupted(error)) resolve(readChunk(descriptor, left));
        else if (error) reject(error);
        else resolve(bytes.subarray(0, count));
      });
    }),
  );
}
