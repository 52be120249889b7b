/**
 * Reads an open regular file in chunks, with one chunk of read-ahead. Memory: two chunks.
 *
 * Not with a Node stream: loading and starting one takes longer than reading most files. So does a trip to the thread
 * pool: only a file of several chunks takes it.
 */

import { read } from 'node:fs';
import { later } from '../async/later.ts';
import { isInterrupted, readAt } from './read-at.ts';

const CHUNK = 1 << 16;

/**
 * The bytes from the descriptor's current offset, in chunks of at most 64 KiB.
 *
 * @param size how many bytes to read at most, so that reading a growing file ends @throws the system's error
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

/** How many bytes to read of a regular file with this size: files in /proc report 0, and are read to their end. */
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
    // The caller may close the descriptor next; a pending read would then hit whatever file reuses its number.
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
