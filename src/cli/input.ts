/** Bytes in: stdin and files as chunks, with read errors as failures that name their source. */

import { closeSync, createReadStream, openSync, statSync } from 'node:fs';
import { readFailure } from '../failure.ts';
import { readChunks } from '../files/chunks.ts';

export const STDIN = 'stdin';

/** A stream, or what is like one. */
export interface Source extends AsyncIterable<Buffer> {
  /** Ends a wait for the next chunk; what never waits for long has none. */
  destroy?(): unknown;
}

/** The chunks of a file, from the beginning. @throws Failure (no input, I/O) */
export function fileChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const open = () => (statSync(path).isFile() ? regularFile(path) : createReadStream(path));
  return chunksOf(open, path, signal);
}

async function* regularFile(path: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    yield* readChunks(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The chunks of a source, opened when the first one is asked for and closed with the last or when nobody wants more.
 *
 * @throws Failure (no input, I/O); the signal's reason when it is aborted
 */
export async function* chunksOf(
  open: () => Source,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  let source: Source | undefined;
  const stop = () => source?.destroy?.();
  signal.addEventListener('abort', stop);
  try {
    source = open();
    // Iterating, not pipe(), which would lose a read error.
    for await (const chunk of source) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
