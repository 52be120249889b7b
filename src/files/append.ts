/**
 * Appends whole lines to a file that only grows. The file is opened with O_APPEND, so lines that other programs append
 * at the same time (`>>`) survive.
 *
 * A torn line that a crash or a full disk left at the end is cut off first, so that the next line is not glued to it.
 * The file itself is locked: only one of our processes writes at a time.
 */

import { fstatSync, fsyncSync, ftruncateSync, type Stats, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, status, writeFailure } from '../failure.ts';
import { LONGEST_LINE } from '../lines/limits.ts';
import { findAppended } from './find-appended.ts';
import { countLines, endOfLastLine } from './last-lines.ts';
import { type LockOptions, openLocked } from './lock.ts';
import { readAt } from './read-at.ts';
import { syncFolder } from './replace.ts';

/** How many bytes appended by other programs are searched for the lines of a process that died. */
const SEARCHED = 16 << 20;
/** How often to start over when the file is removed. */
const MAX_TRIES = 5;

/**
 * A file that ends with a torn line and has not grown for this long has no write in progress. A write(2) becomes
 * visible page by page, so a reader can see half of another program's single write.
 */
const SETTLED_MS = 50;
/** How often to check a file that keeps growing. */
const MAX_LOOKS = 100;

/** The end of a file after its last newline. */
export interface TornLine {
  /** Truncated when it is longer than a line may be. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
}

/** The file was unlinked during an append, so nobody can read the lines. */
class Removed extends Failure {
  constructor(name: string) {
    super(status.temporary, `${name}: was removed while being written`);
  }
}

/** A locked file to which lines can be appended. */
export class Appendable {
  readonly #name: string;
  readonly #descriptor: number;
  #size: number;

  /** Use `withAppendable`. */
  constructor(name: string, descriptor: number) {
    this.#name = name;
    this.#descriptor = descriptor;
    this.#size = this.#wholeSize();
  }

  /** Bytes up to the end of the last whole line. */
  get size(): number {
    return this.#size;
  }

  /** Up to `length` bytes from offset `at`, none beyond the last whole line. @throws the system's error */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.#size - at)));
    return bytes.subarray(0, readAt(this.#descriptor, bytes, at));
  }

  /** Cuts a torn line off the end, after `report` has returned. Call before the first append. @throws Failure (I/O) */
  async cutTorn(report: (torn: TornLine) => void): Promise<void> {
    try {
      const size = await this.#settledSize();
      if (this.#size === size) return;
      const bytes = Buffer.alloc(Math.min(size - this.#size, LONGEST_LINE + 1));
      readAt(this.#descriptor, bytes, this.#size);
      report({ bytes, number: countLines(this.#descriptor, this.#size) + 1 });
      // Another program may have completed the line.
      if (fstatSync(this.#descriptor).size === size) ftruncateSync(this.#descriptor, this.#size);
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  /** The size once the file ends with a newline or has stopped growing: a torn line may be a write in progress. */
  async #settledSize(): Promise<number> {
    let { size } = fstatSync(this.#descriptor);
    for (let looks = 0; ; looks++) {
      this.#size = endOfLastLine(this.#descriptor, size);
      if (this.#size === size || looks === MAX_LOOKS) return size;
      await sleep(SETTLED_MS);
      const before = size;
      size = fstatSync(this.#descriptor).size;
      if (size === before) return size;
    }
  }

  /**
   * Appends lines; they are durable when it returns.
   *
   * @throws Failure (I/O); the append is then undone, or, where another program has written after it, the message says so
   */
  append(lines: Buffer): void {
    const isFirst = this.#size === 0;
    let written = 0;
    try {
      while (written < lines.length) written += writeSync(this.#descriptor, lines, written);
      fsyncSync(this.#descriptor);
      if (fstatSync(this.#descriptor).nlink === 0) throw new Removed(this.#name);
      if (isFirst) syncFolder(dirname(this.#name));
      this.#size = this.#wholeSize();
    } catch (error) {
      const isAsBefore = this.#tryToTakeBack(lines.subarray(0, written));
      const failure = writeFailure(this.#name, error);
      if (isAsBefore || !(failure instanceof Failure)) throw failure;
      const message = `${failure.message}; what was already written could not be removed`;
      throw new Failure(status.io, message, { cause: error });
    }
  }

  #tryToTakeBack(lines: Buffer): boolean {
    try {
      return lines.length === 0 || this.#takeBack(lines, this.#size);
    } catch {
      return false;
    }
  }

  /**
   * Truncates away lines that a process appended before it died: all of `lines`, or the first part of them, at or after
   * offset `from`.
   *
   * @returns the lines that stay in the file because another program has written after them @throws Failure (I/O)
   */
  takeBack(lines: Buffer, from: number): Buffer {
    try {
      const { size } = fstatSync(this.#descriptor);
      const bytes = Buffer.alloc(Math.max(0, Math.min(size - from, lines.length + SEARCHED)));
      readAt(this.#descriptor, bytes, from);
      const { at, length } = findAppended(bytes, lines) ?? { at: 0, length: 0 };
      if (length === 0 || from + at + length < size) return lines.subarray(0, length);
      ftruncateSync(this.#descriptor, from + at);
      fsyncSync(this.#descriptor);
      this.#size = this.#wholeSize();
      return lines.subarray(0, 0);
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  #takeBack(lines: Buffer, from: number): boolean {
    const { size } = fstatSync(this.#descriptor);
    const start = Math.max(from, size - lines.length);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readAt(this.#descriptor, bytes, start);
    if (bytes.length === 0 || !bytes.equals(lines.subarray(0, bytes.length))) return false;
    ftruncateSync(this.#descriptor, start);
    return true;
  }

  #wholeSize(): number {
    return endOfLastLine(this.#descriptor, fstatSync(this.#descriptor).size);
  }
}

/**
 * Runs `work` with the file `name` locked against other appenders. Creates the file if missing; if it is removed
 * during `work`, runs `work` again on the next file of this name.
 *
 * @throws Busy; Failure (no input) for a folder, (I/O) when it cannot be written
 */
export async function withAppendable<Result>(
  name: string,
  options: LockOptions,
  work: (file: Appendable) => Promise<Result> | Result,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await withAppendableNow(name, options, work);
    } catch (error) {
      if (!(error instanceof Removed) || tries === MAX_TRIES) throw error;
    }
  }
}

async function withAppendableNow<Result>(
  name: string,
  options: LockOptions,
  work: (file: Appendable) => Promise<Result> | Result,
): Promise<Result> {
  refuseFolder(name);
  const file = await openLocked({ path: name, name, mode: 0o666, append: true }, options);
  try {
    return await work(new Appendable(name, file.descriptor));
  } catch (error) {
    throw writeFailure(name, error);
  } finally {
    file.close();
  }
}

function refuseFolder(name: string): void {
  const stat = statOf(name);
  if (stat?.isDirectory()) throw new Failure(status.noInput, `${name}: is a directory`);
  if (stat && !stat.isFile()) throw new Failure(status.io, `${name}: is not a regular file`);
}

function statOf(name: string): Stats | undefined {
  try {
    return statSync(name);
  } catch {
    // Opening the file reports the reason.
    return undefined;
  }
}
