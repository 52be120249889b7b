/** Where bytes come from: what arrives as it arrives, or a regular file, which can be read at any place. */

import { readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFailure } from '../failure.ts';

/** In bytes. */
const CHUNK = 1 << 17;
/** So often signals are heard while a file is read, in bytes. */
const TURN = 4 << 20;
/** And while a pipe is read, in reads. */
const TURNS = 16;

export interface Source {
  /** A file's name, or `stdin`. */
  readonly name: string;
  /** Undefined for all that is no regular file, and for a packed one. */
  readonly file: OpenFile | undefined;
  /** Undefined for all that is no pipe, and when what arrives is packed. */
  readonly pipe: OpenPipe | undefined;
  /** The bytes as they arrive, unpacked. @throws Failure (no input, I/O) */
  chunks(): AsyncIterable<Buffer>;
}

export interface OpenFile {
  readonly descriptor: number;
  /** The place of the first byte that is to be read. */
  readonly start: number;
  /** The place after the last byte, when it was opened. */
  readonly end: number;
}

/** A pipe that is read at once, into memory of one's own. */
export interface OpenPipe {
  /** Reads what is there, and says how many bytes; undefined when nothing is, 0 at the end. @throws the system's error */
  read(space: Buffer): number | undefined;
  /** Waits for bytes or the end. @throws the system's error; when it is closed meanwhile */
  arrival(): Promise<void>;
}

/** Where bytes are put, and who takes them there. */
export interface Sink {
  /** Asked for before each read. */
  readonly space: Buffer;
  /** Takes so many bytes, and says whether there is something to be handed on. */
  filled(length: number): boolean;
}

/** Who reads a file or a pipe itself. */
interface Reader {
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
export async function* fastChunks(source: Source, reader: Reader): AsyncGenerator<Buffer> {
  const { name, file, pipe } = source;
  const space = Buffer.allocUnsafeSlow(CHUNK);
  if (file !== undefined) {
    for await (const length of fileReads(file, name, space, reader)) yield space.subarray(0, length);
  } else if (pipe !== undefined) {
    let length = 0;
    const sink = {
      space,
      filled: (read: number) => {
        length = read;
        return true;
      },
    };
    for await (const _ of pipeReads(pipe, name, sink, reader)) yield space.subarray(0, length);
  } else yield* source.chunks();
}

/**
 * Reads a pipe to its end, and yields whenever the sink has something to be handed on: all else is done at once, as long
 * as there is something to read.
 *
 * @throws Failure (I/O); the signal's reason when it is aborted
 */
export async function* pipeReads(
  pipe: OpenPipe,
  name: string,
  sink: Sink,
  { progress, signal }: Reader,
): AsyncGenerator<void> {
  try {
    for (let turn = 1; ; turn++) {
      const length = pipe.read(sink.space);
      if (length === 0) return;
      if (length === undefined) await pipe.arrival();
      else {
        progress(length);
        if (sink.filled(length)) yield;
      }
      if (turn % TURNS === 0) await nextTurn();
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
  { progress, signal }: Reader,
): AsyncGenerator<number> {
  let turn = file.start + TURN;
  for (let at = file.start; ; ) {
    const length = readAt(file.descriptor, space, at, name);
    if (length === 0) return;
    at += length;
    progress(length);
    yield length;
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
