/** Where bytes come from: what arrives as it arrives, or a regular file, which can be read at any place. */

import { readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFailure } from '../failure.ts';

/** In bytes. */
const CHUNK = 1 << 17;
/** So often signals are heard while a file is read, in bytes. */
const TURN = 4 << 20;

export interface Source {
  /** A file's name, or `stdin`. */
  readonly name: string;
  /** Undefined for all that is no regular file, and for a packed one. */
  readonly file: OpenFile | undefined;
  /**
   * The bytes as they arrive, unpacked; a chunk may be gone when the next one is asked for.
   *
   * @throws Failure (no input, I/O)
   */
  chunks(): AsyncIterable<Buffer>;
}

export interface OpenFile {
  readonly descriptor: number;
  /** The place of the first byte that is to be read. */
  readonly start: number;
  /** The place after the last byte, when it was opened. */
  readonly end: number;
}

/** Who reads a file itself. */
interface Reader {
  /** Hears how many bytes were read. */
  progress(bytes: number): void;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a source. Those of a file are read as fast as can be, all into the same memory: a chunk is gone when the
 * next one is asked for.
 *
 * @throws Failure (no input, I/O); the signal's reason when it is aborted
 */
export async function* fastChunks(source: Source, { progress, signal }: Reader): AsyncGenerator<Buffer> {
  if (source.file === undefined) {
    yield* source.chunks();
    return;
  }
  const space = Buffer.allocUnsafeSlow(CHUNK);
  let turn = source.file.start + TURN;
  for (let at = source.file.start; ; ) {
    const length = readAt(source.file.descriptor, space, at, source.name);
    if (length === 0) return;
    at += length;
    progress(length);
    yield space.subarray(0, length);
    if (at < turn) continue;
    turn = at + TURN;
    await nextTurn();
    signal.throwIfAborted();
  }
}

function readAt(descriptor: number, space: Buffer, at: number, name: string): number {
  try {
    return readSync(descriptor, space, 0, space.length, at);
  } catch (error) {
    throw readFailure(name, error);
  }
}
