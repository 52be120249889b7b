/**
 * Replaces a file: a reader sees the old content or the new, whole, whatever dies on the way.
 *
 * The next version is written to `.NAME.next` beside the file, synced, and renamed over it. That file is also the
 * lock: one process at a time holds it, and when its holder is killed the next one takes it over, so that nothing
 * piles up and nothing has to be cleaned. The file itself is locked too, against processes that only append to it.
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
  /** The real path, with symbolic links followed: a link stays a link. */
  readonly path: string;
  /** As it was given, for messages. */
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

  /** The last lines, `count` of them or more, or all; undefined when the file does not exist. @throws Failure (no input, I/O) */
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

  /** Makes the next version a file of the owner of this one, so that it locks nobody out when this process is killed. */
  prepare(): void {
    try {
      const old = statSync(this.path, { throwIfNoEntry: false });
      if (old !== undefined) handOver(this.#next.descriptor, old, temporaryMode(old));
    } catch (error) {
      throw writeFailure(this.name, error);
    }
  }

  /** Replaces the content, safe against power loss when it returns. To be called once. @throws Failure (I/O) */
  replace(content: Buffer | string): void {
    const { descriptor } = this.#next;
    try {
      ftruncateSync(descriptor, 0);
      writeFileSync(descriptor, content);
      const old = statSync(this.path, { throwIfNoEntry: false });
      if (old === undefined) fchmodSync(descriptor, 0o666 & ~process.umask());
      else handOver(descriptor, old, old.mode & 0o7777);
      fsyncSync(descriptor);
      // Somebody may have removed it, though it is locked.
      if (!leadsTo(this.#nextPath, descriptor)) throw new Busy(this.name);
      renameSync(this.#nextPath, this.path);
      this.#replaced = true;
    } catch (error) {
      throw writeFailure(this.name, error);
    }
    this.#whenInPlace(() => syncFolder(dirname(this.path)));
  }

  /** Does what follows once the new content is in place. @throws Failure (I/O) that says it is */
  #whenInPlace(work: () => void): void {
    try {
      work();
    } catch (error) {
      const message = `${this.name}: the new content is in place, but may not outlive a power failure`;
      throw new Failure(status.io, `${message}: ${errorText(error)}`, { cause: error });
    }
  }

  /** Unlocks. @throws Failure (I/O) */
  release(): void {
    // Removed first, so that the next holder of the lock finds a free name.
    try {
      if (!this.#replaced && leadsTo(this.#nextPath, this.#next.descriptor))
        removeTemporary(this.#nextPath, this.name);
    } finally {
      this.#next.close();
    }
  }
}

/**
 * Runs `work` while no other process may replace the file `name`, which need not exist.
 *
 * @throws Busy when another process holds it longer than `options.waitMs`
 * @throws Failure (no input) when it is a folder or its folder is missing, (I/O) when it is no regular file
 */
export async function withLocked<Result>(
  name: string,
  options: LockOptions,
  work: (file: LockedFile) => Promise<Result> | Result,
): Promise<Result> {
  const path = resolveTarget(name);
  const nextPath = join(dirname(path), `.${basename(path)}.next`);
  // From the start only those who can open the file can open this one.
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

/** Releases it after another failure, which is the one to report. */
function tryToRelease(file: LockedFile): void {
  try {
    file.release();
  } catch {
    // It stays for the next process, which takes it over.
  }
}

/** Locks the file itself; undefined when there is none yet. */
async function lockPresent(path: string, name: string, options: LockOptions): Promise<Locked | undefined> {
  try {
    return await openLocked({ path, name, mode: undefined }, options);
  } catch (error) {
    const code = error instanceof Failure ? errorCode(error.cause) : undefined;
    // It does not exist, or it may not be read: reading it will say so.
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Replaces the file `name` as a whole, or writes to it when it is a stream. @throws as `withLocked` and `LockedFile.replace` do */
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

/** Makes a rename or a new name in a folder safe against power loss. @throws the system's error */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
