/**
 * Appending whole lines to a file that only grows.
 *
 * Half a line that a crash or a full disk left at the file's end is cut off first, so that it never runs into the
 * next line. One writer at a time: the file itself is locked.
 */

import { promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, status, writeFailure } from '../failure.ts';
import { type LockOptions, openLocked } from './lock.ts';
import { syncFolder } from './replace.ts';

const NEWLINE = 10;
const BLOCK = 1 << 16;

/** A locked file that lines can be added to. */
export class Appendable {
  readonly #name: string;
  readonly #file: FileHandle;
  #size: number;

  /** Use `withAppendable`. */
  constructor(name: string, file: FileHandle, size: number) {
    this.#name = name;
    this.#file = file;
    this.#size = size;
  }

  /** Bytes, up to the end of the last whole line. */
  get size(): number {
    return this.#size;
  }

  /** What stands there from `at` on, `length` bytes at the most. */
  async read(at: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  }

  /** Adds lines at the end; safe against power loss when it returns, and all or nothing when it throws Failure (I/O). */
  async append(lines: Buffer): Promise<void> {
    try {
      for (let at = 0; at < lines.length; ) {
        at += (await this.#file.write(lines, at, lines.length - at, this.#size + at)).bytesWritten;
      }
      await this.#file.sync();
      if (this.#size === 0) await syncFolder(dirname(this.#name));
      this.#size += lines.length;
    } catch (error) {
      await this.#file.truncate(this.#size).catch(() => {
        // The next writer cuts off half a line anyway.
      });
      throw writeFailure(this.#name, error);
    }
  }

  /** Takes off what stands beyond `size`, safe against power loss when it returns. @throws Failure (I/O) */
  async cut(size: number): Promise<void> {
    try {
      await this.#file.truncate(size);
      await this.#file.sync();
      this.#size = size;
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }
}

/**
 * Runs `work` while no other process may append to the file `name`, which is created where it is missing.
 *
 * @throws Busy; Failure (no input) when it is a folder, (I/O) when it cannot be written
 */
export async function withAppendable<Result>(
  name: string,
  options: LockOptions,
  work: (file: Appendable) => Promise<Result>,
): Promise<Result> {
  await refuseFolder(name);
  const file = await openLocked({ path: name, name, mode: 0o666 }, options);
  try {
    const { size } = await file.stat();
    const whole = await endOfLastLine(file, size);
    if (whole < size) await file.truncate(whole);
    return await work(new Appendable(name, file, whole));
  } catch (error) {
    throw writeFailure(name, error);
  } finally {
    await file.close();
  }
}

async function refuseFolder(name: string): Promise<void> {
  const there = await fs.stat(name).catch(() => undefined);
  if (there?.isDirectory()) throw new Failure(status.noInput, `${name}: is a directory`);
  if (there && !there.isFile()) throw new Failure(status.io, `${name}: is not a regular file`);
}

async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  for (let at = size; at > 0; ) {
    const length = Math.min(BLOCK, at);
    at -= length;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
  }
  return 0;
}
