/** The log of a try, as it is written. Memory: one block. */

import { closeSync, constants, fstatSync, openSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, Failure, readFailure, status } from '../failure.ts';
import { readAt } from '../files/read-at.ts';

const BLOCK = 1 << 16;
const LOOK_MS = 200;
/** Bytes before the place that is read by which it is known again. */
const KNOWN = 64;
/** A log that has reached its limit loses its middle, and what was read last is elsewhere by then. */
const SHORTENED = Buffer.from('... the log was shortened: lines may be missing here ...\n');

interface Following {
  /** The folder of logs, which it must be in. */
  readonly folder: string;
  /** Where to begin, in bytes. */
  readonly from?: number;
  /** Whether nothing is written to it any more; asked before each look. */
  isComplete(): Promise<boolean>;
  readonly signal: AbortSignal;
}

/** A piece of a log, or of what is said about it. */
export interface LogPiece {
  readonly bytes: Buffer;
  /** Where in the log they begin; of what is said about it, where it goes on. In bytes. */
  readonly offset: number;
  /** Where in the log to go on, in bytes. */
  readonly next: number;
}

/**
 * Its bytes up to now, and what is added until it is complete. Waits for a log that is not begun.
 *
 * @throws Failure (no input) when there is none by its end, or what is there is none; Failure (I/O)
 */
export async function* followLog(path: string, following: Following): AsyncGenerator<LogPiece> {
  const { from = 0, isComplete, signal } = following;
  const descriptor = await begun(path, following);
  if (descriptor === undefined) return;
  try {
    const reader = new LogReader(descriptor, from);
    while (!signal.aborted) {
      const isLast = await isComplete();
      yield* reader.rest();
      if (isLast) return;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a log for reading. What a job has put in its place, such as a pipe or a link, is none, and nothing is that is outside
 * of the folder of logs, wherever links and the ledger lead to.
 *
 * @throws Failure (no input, I/O)
 */
export function openLog(path: string, folder: string): number {
  let descriptor: number;
  try {
    if (!isInside(folder, path)) throw new Failure(status.noInput, `${path}: not a log`);
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) !== 'ELOOP') throw readFailure(path, error);
    throw new Failure(status.noInput, `${path}: not a log`, { cause: error });
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new Failure(status.noInput, `${path}: not a log`);
}

/** @throws the system's error */
function isInside(folder: string, path: string): boolean {
  return `${realpathSync.native(dirname(path))}${sep}`.startsWith(`${realpathSync.native(folder)}${sep}`);
}

/** @returns undefined when the signal came first */
async function begun(path: string, { folder, isComplete, signal }: Following): Promise<number | undefined> {
  while (!signal.aborted) {
    const isLast = await isComplete();
    try {
      return openLog(path, folder);
    } catch (error) {
      if (isLast || !(error instanceof Failure) || errorCode(error.cause) !== 'ENOENT') throw error;
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

class LogReader {
  readonly #descriptor: number;
  #at: number;
  /** Its size and when it was written at the last look. */
  #looked = '';
  /** The bytes before it, as they were. */
  #known: Buffer = Buffer.alloc(0);

  constructor(descriptor: number, from: number) {
    this.#descriptor = descriptor;
    this.#at = from;
  }

  /** What there is behind what was read. @throws the system's error */
  *rest(): Generator<LogPiece> {
    const { size, mtimeMs } = fstatSync(this.#descriptor);
    const look = `${size} ${mtimeMs}`;
    if (look === this.#looked) return;
    this.#looked = look;
    if (size < this.#at) yield this.#shortened(size);
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK);
      const length = readAt(this.#descriptor, block, this.#at - this.#known.length);
      if (!block.subarray(0, Math.min(length, this.#known.length)).equals(this.#known)) {
        yield this.#shortened(fstatSync(this.#descriptor).size);
        continue;
      }
      const bytes = block.subarray(this.#known.length, length);
      if (bytes.length === 0) return;
      const offset = this.#at;
      this.#at += bytes.length;
      this.#known = Buffer.from(block.subarray(Math.max(0, length - KNOWN), length));
      yield { bytes, offset, next: this.#at };
    }
  }

  #shortened(size: number): LogPiece {
    this.#at = size;
    this.#known = Buffer.alloc(0);
    return { bytes: SHORTENED, offset: size, next: size };
  }
}
