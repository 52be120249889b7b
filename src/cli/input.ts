/** Bytes in: stdin and files as chunks, with read errors as failures that name their source. */

import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { readFailure } from '../failure.ts';

export const STDIN = 'stdin';

/** The chunks of a file, from the beginning. @throws Failure (no input, I/O) */
export function fileChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  return chunksOf(() => createReadStream(path), path, signal);
}

/**
 * The chunks of a stream, opened when the first one is asked for and closed with the last or when nobody wants more.
 *
 * @throws Failure (no input, I/O); the signal's reason when it is aborted
 */
export async function* chunksOf(
  open: () => Readable,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const stream = addAbortSignal(signal, open());
  try {
    // Iterating, not pipe(), which would lose a read error.
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  }
}
