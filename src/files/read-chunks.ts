/**
 * Reads an open regular file in chunks; the next one is read while one is worked on.
 *
 * Not by a stream of Node: to load and to start one takes longer than to read most files. So does a thread that reads:
 * only a file of several chunks gets one. Memory: two chunks.
 */

import { read, readSync } from 'node:fs';
import { later } from '../async/later.ts';

const CHUNK = 1 << 16;

/** The bytes from the descriptor's own offset on, in chunks of 64 KiB at most. @throws the system's error */
export async function* readChunks(descriptor: number): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const length = readSync(descriptor, chunk, 0, CHUNK, null);
    if (length === 0) return;
    if (length === CHUNK) return yield* readAhead(descriptor, chunk);
    yield chunk.subarray(0, length);
  }
}

async function* readAhead(descriptor: number, first: Buffer): AsyncGenerator<Buffer> {
  let next = readChunk(descriptor);
  try {
    for (let chunk = first; chunk.length > 0; chunk = await next, next = readChunk(descriptor)) yield chunk;
  } finally {
    // The descriptor may be closed after this, and be another file's by the time that the read is done.
    await next.catch(() => {});
  }
}

function readChunk(descriptor: number): Promise<Buffer> {
  return later(
    new Promise((resolve, reject) => {
      read(descriptor, Buffer.allocUnsafe(CHUNK), 0, CHUNK, null, (error, count, bytes) =>
        error ? reject(error) : resolve(bytes.subarray(0, count)),
      );
    }),
  );
}
