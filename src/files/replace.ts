/**
 * Replaces a file atomically: a reader sees the whole old content or the whole new, whatever crashes.
 *
 * The next version is written to `.NAME.next` beside the file, fsynced, and renamed over it. That file is also the lock:
 * one process at a time holds it. If the holder is killed, the next one takes the file over, so temporary files never
 * pile up. The file itself is locked too, against processes that only append to it.
 */

import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, errorText, Failure, readFailure, status, writeFailure } from '../failure.ts';
import { countLines, readLastLines } from './last-lines.ts';
import { Busy, type Locked, type LockOptions, leadsTo, openLocked } from './lock.ts';
import { handOver, temporaryMode } from './ownership.ts';
import { readAll } from './read-at.ts';
import { removeTemporary } from './remove.ts';
import { resolveTarget } from './resolve-target.ts';
import { isStream, writeToStream } from './stream-output.ts';

/** A file whose next version only this process may write. */
export class LockedFile {
  /** The real path, so that replacing through a symbolic link keeps the link. */
  readonly path: string;
  /** As given, for messages. */
  readonly name: string;
  readonly #next: Locked;
  readonly #nextPath: string;
  #replaced = false;

  /** Use `withLocked`. */
  constructor(path: string, name: string, next: Locked, nextPath: string) {
    this.path = path;
    this.name = name;
    this.#next = next;
    this.#nextPath = nextPath;
  }

  /** The content; undefined when the file does not exist. @throws Failure (no input, I/O) */
  read(): Buffer | undefined {
    return this.#readWith(readAll);
  }

  /** At least the last `count` lines, or all; undefined when the file does not exist. @throws Failure (no input, I/O) */
  readLastLines(count: number): Buffer | undefined {
    return this.#readWith((descriptor) => readLastLines(descriptor, count));
  }

  /** Number of whole lines; 0 when the file does not exist. @throws Failure (no input, I/O) */
  countLines(): number {
    return this.#readWith((descriptor) => countLines(descriptor, fstatSync(descriptor).size)) ?? 0;
  }

  #readWith<Result>(work: (descriptor: number) => Result): Result | undefined {
    try {
      const descriptor = openSync(this.path, 'r');
      try {
        return work(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw readFailure(this.name, error);
    }
  }

  /** Gives the next version to the owner of this one, so that it locks nobody out when this process is killed. */
  prepare(): void {
    try {
      const old = statSync(this.path, { throwIfNoEntry: false });
      if (old !== undefined) handOver(this.#next.descriptor, old, temporaryMode(old));
    } catch (error) {
      throw writeFailure(this.name, error);
    }
  }

  /** Replaces the content; durable when it returns. Call once. @throws Failure (I/O) */
  replace(content: Buffer | string): void {
    const { descriptor } = this.#next;
    try {
      ftruncateSync(descriptor, 0);
      writeFileSync(descriptor, content);
      const old = statSync(this.path, { throwIfNoEntry: false });
      if (old === undefined) fchmodSync(descriptor, 0o666 & ~process.umask());
      else handOver(descriptor, old, old.mode & 0o7777);
      fsyncSync(descriptor);
      // A lock does not stop anyone from removing it.
      if (!leadsTo(this.#nextPath, descriptor)) throw new Busy(this.name);
      renameSync(this.#nextPath, this.path);
      this.#replaced = true;
    } catch (error) {
      throw writeFailure(this.name, error);
    }
    this.#whenInPlace(() => syncFolder(dirname(this.path)));
  }

  /** Runs `work` after the rename. @throws Failure (I/O) that says the new content is in place */
  #whenInPlace(work: () => void): void {
    try {
      work();
    } catch (error) {
      const message = `${this.name}: the new content is in place, but may not survive a power failure`;
      throw new Failure(status.io, `${message}: ${errorText(error)}`, { cause: error });
    }
  }

  /** Unlocks. @throws Failure (I/O) */
  release(): void {
    // Removed while still locked, so that it cannot be a file that the next holder has just created.
    try {
      if (!this.#replaced && leadsTo(this.#nextPath, this.#next.descriptor))
        removeTemporary(this.#nextPath, this.name);
    } finally {
      this.#next.close();
    }
  }
}

/**
 * Runs `work` with the file `name` locked against other writers. The file need not exist.
 *
 * @throws Busy when another process holds the lock for longer than `options.waitMs`
 * @throws Failure (no input) when it is a folder or its folder is missing, (I/O) when it is not a regular file
 */
export async function withLocked<Result>(
  name: string,
  options: LockOptions,
  work: (file: LockedFile) => Promise<Result> | Result,
): Promise<Result> {
  const path = resolveTarget(name);
  const nextPath = join(dirname(path), `.${basename(path)}.next`);
  // Never wider than the file's own mode, from the moment of creation.
  const mode = modeOf(path, name);
  const next = await openLocked({ path: nextPath, name, mode, refuseLink: true }, options);
  const file = new LockedFile(path, name, next, nextPath);
  let result: Result;
  try {
    file.prepare();
    const present = await lockPresent(path, name, options);
    try {
      result = await work(file);
    } finally {
      present?.close();
    }
  } catch (error) {
    tryToRelease(file);
    throw error;
  }
  file.release();
  return result;
}

function modeOf(path: string, name: string): number {
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    return old === undefined ? 0o666 : temporaryMode(old);
  } catch (error) {
    throw writeFailure(name, error);
  }
}

/** Releases the lock after another failure, which is the one to report. */
function tryToRelease(file: LockedFile): void {
  try {
    file.release();
  } catch {
    // The next process takes over what is left.
  }
}

/** Locks the file itself; undefined when it does not exist yet. */
async function lockPresent(path: string, name: string, options: LockOptions): Promise<Locked | undefined> {
  try {
    return await openLocked({ path, name, mode: undefined }, options);
  } catch (error) {
    const code = error instanceof Failure ? errorCode(error.cause) : undefined;
    // Missing, or unreadable: then reading it reports the error.
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Replaces the file `name`, or writes to it when it is a stream. @throws as `withLocked` and `LockedFile.replace` do */
export function replaceFile(name: string, content: Buffer | string, options: LockOptions): Promise<void> {
  if (isStream(name)) return writeToStream(name, content);
  return withLocked(name, options, (file) => file.replace(content));
}

/** Tells versions of a file apart, even when the next one gets the same inode; empty when the file does not exist. */
export function versionOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino} ${stat.birthtimeNs}`;
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Makes a rename or a new name in a folder durable. @throws the system's error */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
