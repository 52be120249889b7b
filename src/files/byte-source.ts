/** Where bytes come from: a stream, a pipe read directly, or a regular file, which can be read at any offset. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFailure } from '../failure.ts';
import type { LinesOf } from '../lines/text-form.ts';
import { readAt } from './read-at.ts';

/** Bytes per read. */
const CHUNK = 1 << 17;
/** Bytes of a file between two turns of the event loop, where signals are noticed. */
const BYTES_PER_TURN = 4 << 20;
/** Reads of a pipe between two turns. */
const READS_PER_TURN = 16;

/** Input as bytes, opened once. Skipped lines are left out. */
export interface ByteSource extends LinesOf {
  /** A file's name, or `stdin`. */
  readonly name: string;
  /** Undefined unless it is a regular file of known size that needs no decompression or conversion. */
  readonly file: OpenFile | undefined;
  /** Undefined unless it is a pipe whose bytes need no decompression or conversion. */
  readonly pipe: OpenPipe | undefined;
  /** The text as it arrives, decompressed, in UTF-8. @throws Failure (no input, I/O) */
  chunks(): AsyncIterable<Buffer>;
}

/** The part of a regular file to read. */
export interface OpenFile {
  readonly descriptor: number;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte, as of opening. */
  readonly end: number;
}

/** A non-blocking pipe, read into the caller's memory. */
export interface OpenPipe {
  /** Reads what has arrived. @returns number of bytes; undefined for none yet, 0 at the end @throws the system's error */
  read(space: Buffer): number | undefined;
  /** Waits for bytes or the end. @throws the system's error; when the pipe is closed during the wait */
  arrival(): Promise<void>;
}

/** Receives bytes in memory of its own. */
interface ByteSink {
  /** Where the next read goes; evaluated before each read. */
  readonly space: Buffer;
  /** Takes the first `length` bytes of `space`. @returns whether it has something to pass on */
  filled(length: number): boolean;
}

/** The part of a tool's Io that direct reads need. */
interface ReadOptions {
  /** Told the number of bytes of each read. */
  progress(bytes: number): void;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a source. A file or a pipe is read into one reused buffer, for speed: a chunk is valid only until the
 * next one is requested.
 *
 * @throws Failure (no input, I/O); the signal's reason when it is aborted
 */
export async function* fastChunks(source: ByteSource, options: ReadOptions): AsyncGenerator<Buffer> {
  const { name, file, pipe } = source;
  const space = Buffer.allocUnsafeSlow(CHUNK);
  if (file !== undefined) {
    for await (const length of fileReads(file, name, space, options)) yield space.subarray(0, length);
  } else if (pipe !== undefined) {
    let length = 0;
    const sink = {
      space,
      filled: (read: number) => {
        length = read;
        return true;
      },
    };
    for await (const _ of pipeReads(pipe, name, sink, options)) yield space.subarray(0, length);
  } else yield* source.chunks();
}

/**
 * Reads a pipe to its end. Yields whenever the sink has something to pass on; otherwise keeps reading while data is
 * available.
 *
 * @throws Failure (I/O); the signal's reason when it is aborted
 */
export async function* pipeReads(
  pipe: OpenPipe,
  name: string,
  sink: ByteSink,
  { progress, signal }: ReadOptions,
): AsyncGenerator<void> {
  try {
    for (let reads = 1; ; reads++) {
      const length = pipe.read(sink.space);
      if (length === 0) return;
      if (length === undefined) await pipe.arrival();
      else {
        progress(length);
        if (sink.filled(length)) yield;
      }
      if (reads % READS_PER_TURN === 0) await nextTurn();
      signal.throwIfAborted();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  }
}

async function* fileReads(
  file: OpenFile,
  name: string,
  space: Buffer,
  { progress, signal }: ReadOptions,
): AsyncGenerator<number> {
  let turn = file.start + BYTES_PER_TURN;
  for (let at = file.start; ; ) {
    const length = readFrom(
      file.descriptor,
      space.subarray(0, Math.min(space.length, file.end - at)),
      at,
      name,
    );
    if (length === 0) return;
    at += length;
    progress(length);
    yield length;
    if (at < turn) continue;
    turn = at + BYTES_PER_TURN;
    await nextTurn();
    signal.throwIfAborted();
  }
}

function readFrom(descriptor: number, space: Buffer, at: number, name: string): number {
  try {
    return readAt(descriptor, space, at);
  } catch (error) {
    throw readFailure(name, error);
  }
}
