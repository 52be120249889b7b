/**
 * Appends whole lines to a file that only grows.
 *
 * Half a line that a crash or a full disk has left at its end is cut off first, so that it never runs into the next line.
 * One process at a time writes: the file itself is locked.
 */

import { fstatSync, fsyncSync, ftruncateSync, readSync, type Stats, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, status, writeFailure } from '../failure.ts';
import { type LockOptions, openLocked } from './lock.ts';
import { syncFolder } from './replace.ts';

const NEWLINE = 10;
const BLOCK = 1 << 16;

/** A locked file to which lines can be appended. */
export class Appendable {
  readonly #name: string;
  readonly #descriptor: number;
  #size: number;

  /** Use `withAppendable`. */
  constructor(name: string, descriptor: number, size: number) {
    this.#name = name;
    this.#descriptor = descriptor;
    this.#size = size;
  }

  /** Length in bytes, up to the end of the last whole line. */
  get size(): number {
    return this.#size;
  }

  /** The bytes from offset `at` on, at most `length` of them. @throws the system's error */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, length, at));
  }

  /** Appends lines, safe against power loss when it returns. @throws Failure (I/O); none of them is appended then */
  append(lines: Buffer): void {
    try {
      for (let at = 0; at < lines.length; )
        at += writeSync(this.#descriptor, lines, at, lines.length - at, this.#size + at);
      fsyncSync(this.#descriptor);
      if (this.#size === 0) syncFolder(dirname(this.#name));
      this.#size += lines.length;
    } catch (error) {
      this.#takeBack();
      throw writeFailure(this.#name, error);
    }
  }

  #takeBack(): void {
    try {
      ftruncateSync(this.#descriptor, this.#size);
    } catch {
      // The next writer cuts off half a line anyway.
    }
  }

  /** Cuts the file off after `size` bytes, safe against power loss when it returns. @throws Failure (I/O) */
  cut(size: number): void {
    try {
      ftruncateSync(this.#descriptor, size);
      fsyncSync(this.#descriptor);
      this.#size = size;
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }
}

/**
 * Runs `work` while no other process may append to the file `name`, which is created if it is missing.
 *
 * @throws Busy; Failure (no input) when it is a folder, (I/O) when it cannot be written
 */
export async function withAppendable<Result>(
  name: string,
  options: LockOptions,
  work: (file: Appendable) => Promise<Result> | Result,
): Promise<Result> {
  refuseFolder(name);
  const file = await openLocked({ path: name, name, mode: 0o666 }, options);
  try {
    const { size } = fstatSync(file.descriptor);
    const whole = endOfLastLine(file.descriptor, size);
    if (whole < size) ftruncateSync(file.descriptor, whole);
    return await work(new Appendable(name, file.descriptor, whole));
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

function endOfLastLine(descriptor: number, size: number): number {
  const block = Buffer.alloc(Math.min(BLOCK, size));
  for (let at = size; at > 0; ) {
    const length = Math.min(BLOCK, at);
    at -= length;
    const newline = block.subarray(0, readSync(descriptor, block, 0, length, at)).lastIndexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
  }
  return 0;
}
