/** Where bytes come from: a stream, a pipe that is read at once, or a regular file, which can be read at any offset. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFailure } from '../failure.ts';
import type { LinesOf } from '../lines/text-form.ts';
import { readAt } from './read-at.ts';

/** Bytes per read. */
const CHUNK = 1 << 17;
/** Signals are heard after this many bytes of a file. */
const BYTES_PER_TURN = 4 << 20;
/** And after this many reads of a pipe. */
const READS_PER_TURN = 16;

/** Input as bytes, not opened more than once. Lines that are skipped are not among them. */
export interface ByteSource extends LinesOf {
  /** A file's name, or `stdin`. */
  readonly name: string;
  /** Undefined unless it is a regular file that tells its size, and its bytes are its text. */
  readonly file: OpenFile | undefined;
  /** Undefined unless it is a pipe, and what arrives is its text. */
  readonly pipe: OpenPipe | undefined;
  /** Its text as it arrives, decompressed. @throws Failure (no input, I/O) */
  chunks(): AsyncIterable<Buffer>;
}

/** A regular file, of which a part is read. */
export interface OpenFile {
  readonly descriptor: number;
  /** Offset of the first byte that is read. */
  readonly start: number;
  /** Offset after the last byte, when it was opened. */
  readonly end: number;
}

/** A pipe that is read at once, into memory of the caller. */
export interface OpenPipe {
  /** Reads what has arrived. @returns the number of bytes; undefined when there are none, 0 at the end @throws the system's error */
  read(space: Buffer): number | undefined;
  /** Waits for bytes or the end. @throws the system's error; when it is closed meanwhile */
  arrival(): Promise<void>;
}

/** Takes bytes that are read into its own memory. */
interface ByteSink {
  /** Where the next bytes go; asked for before each read. */
  readonly space: Buffer;
  /** Takes the first `length` bytes of the space. @returns whether it has something to hand on */
  filled(length: number): boolean;
}

/** What a tool's Io has for those that read by themselves. */
interface ReadOptions {
  /** Hears how many bytes were read. */
  progress(bytes: number): void;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a source. Those of a file or a pipe are read as fast as can be, all into the same memory: a chunk is gone
 * when the next one is asked for.
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
 * Reads a pipe to its end, and yields whenever the sink has something to hand on; otherwise it reads on at once, as long
 * as there is something to read.
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
