/** Follows the log of a try, like `tail -f`. Memory: one block. */

import { closeSync, constants, fstatSync, openSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, Failure, readFailure, status } from '../failure.ts';
import { readAt } from '../files/read-at.ts';

const BLOCK = 1 << 16;
const LOOK_MS = 200;
/** How many bytes before the read position are compared, to detect that the log was rewritten. */
const KNOWN = 64;
/** A log at its size limit loses its middle, which moves the bytes read last. */
const SHORTENED = Buffer.from('... the log was shortened: lines may be missing here ...\n');

interface Following {
  /** The folder of logs, which must contain it. */
  readonly folder: string;
  /** Byte offset of the start. */
  readonly from?: number;
  /** Whether its writers have ended; called before each read. */
  isComplete(): Promise<boolean>;
  readonly signal: AbortSignal;
}

/** A piece of a log, or a remark that it was shortened. */
export interface LogPiece {
  readonly bytes: Buffer;
  /** Byte offset of the piece in the log; of a remark, where the log continues. */
  readonly offset: number;
  /** Byte offset of the next piece. */
  readonly next: number;
}

/**
 * The bytes so far, and what is appended until the log is complete. Waits for a log that does not exist yet.
 *
 * @throws Failure (no input) when the log is complete and missing, or the path is not a log; Failure (I/O)
 */
export async function* followLog(path: string, following: Following): AsyncGenerator<LogPiece> {
  const { from = 0, isComplete, signal } = following;
  const descriptor = await openOnceBegun(path, following);
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
 * Opens a log for reading. Accepts only regular files whose real path is inside the folder of logs: neither a link or
 * pipe that a job put in its place, nor a path from the ledger, may lead elsewhere.
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

/** Opens the log once it exists. @returns undefined when the signal came first */
async function openOnceBegun(
  path: string,
  { folder, isComplete, signal }: Following,
): Promise<number | undefined> {
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
  /** Size and mtime at the last read. */
  #looked = '';
  /** The last bytes before the read position. */
  #known: Buffer = Buffer.alloc(0);

  constructor(descriptor: number, from: number) {
    this.#descriptor = descriptor;
    this.#at = from;
  }

  /** What was written since the last read. @throws the system's error */
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
