/**
 * Appends whole lines to a file that only grows, at its end, wherever that is by then: what other programs append
 * meanwhile (`>>`) stays as it is.
 *
 * Half a line that a crash or a full disk has left at its end is cut off first, so that it never runs into the next line.
 * One process of ours at a time writes: the file itself is locked.
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

/** Lines of a process that died are looked for among this many bytes that others have appended. */
const SEARCHED = 16 << 20;
/** How often to start over with another file. */
const MOST_TRIES = 5;

/**
 * A file that ends with half a line, and has not grown for this time, is not just being written to. The kernel shows a
 * write(2) page by page, so that a reader can see half of what a single write of another program adds.
 */
const SETTLED_MS = 50;
/** How often a file that goes on growing is looked at. */
const MOST_LOOKS = 100;

/** Half a line at the end of a file, without a newline. */
export interface TornLine {
  /** Not all of it when it is longer than a line may be. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
}

/** The file was removed or replaced while lines were appended to it, so nobody can read them. */
class Removed extends Failure {
  constructor(name: string) {
    super(status.temporary, `${name}: was removed while it was written to`);
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

  /** Length in bytes, up to the end of the last whole line. */
  get size(): number {
    return this.#size;
  }

  /** The bytes of whole lines from offset `at` on, at most `length` of them. @throws the system's error */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.#size - at)));
    return bytes.subarray(0, readAt(this.#descriptor, bytes, at));
  }

  /** Cuts half a line off the end, once `report` has returned. Due before the first append. @throws Failure (I/O) */
  async cutTorn(report: (torn: TornLine) => void): Promise<void> {
    try {
      const size = await this.#settledSize();
      if (this.#size === size) return;
      const bytes = Buffer.alloc(Math.min(size - this.#size, LONGEST_LINE + 1));
      readAt(this.#descriptor, bytes, this.#size);
      report({ bytes, number: countLines(this.#descriptor, this.#size) + 1 });
      // Another program may have gone on with it.
      if (fstatSync(this.#descriptor).size === size) ftruncateSync(this.#descriptor, this.#size);
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  /** The size once the file ends with a newline, or has stopped growing: half a line may be one that is just being written. */
  async #settledSize(): Promise<number> {
    let { size } = fstatSync(this.#descriptor);
    for (let looks = 0; ; looks++) {
      this.#size = endOfLastLine(this.#descriptor, size);
      if (this.#size === size || looks === MOST_LOOKS) return size;
      await sleep(SETTLED_MS);
      const before = size;
      size = fstatSync(this.#descriptor).size;
      if (size === before) return size;
    }
  }

  /**
   * Appends lines, safe against power loss when it returns.
   *
   * @throws Failure (I/O); none of them is appended then, unless it says so, since another program has written behind them
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
      const message = `${failure.message}; what was written before that could not be taken back`;
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
   * Takes off lines that a process has appended before it died: all of `lines`, or their beginning, none before offset
   * `from`.
   *
   * @returns those that stay in place, since another program has written behind them @throws Failure (I/O)
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
 * Runs `work` while no other process may append to the file `name`, which is created if missing; runs it again with the
 * next file of this name if this one was removed meanwhile.
 *
 * @throws Busy; Failure (no input) when it is a folder, (I/O) when it cannot be written
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
      if (!(error instanceof Removed) || tries === MOST_TRIES) throw error;
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
    // Opening it will say why.
    return undefined;
  }
}
