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
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, Failure, readFailure, writeFailure } from '../failure.ts';
import { readLastLines } from './last-lines.ts';
import { type Locked, type LockOptions, openLocked } from './lock.ts';
import { resolveTarget } from './resolve-target.ts';
import { isStream, writeToStream } from './stream-output.ts';

/** A file whose next version only this process may write. */
export class LockedFile {
  /** The real path, with symbolic links followed: a link stays a link. */
  readonly path: string;
  readonly #name: string;
  readonly #next: Locked;
  readonly #nextPath: string;
  #replaced = false;

  /** Use `withLocked`. */
  constructor(path: string, name: string, next: Locked, nextPath: string) {
    this.path = path;
    this.#name = name;
    this.#next = next;
    this.#nextPath = nextPath;
  }

  /** The content; undefined when the file does not exist. @throws Failure (no input, I/O) */
  read(): Buffer | undefined {
    return this.#readWith(() => readFileSync(this.path));
  }

  /** The last lines, `count` of them or more, or all; undefined when the file does not exist. @throws Failure (no input, I/O) */
  readLastLines(count: number): Buffer | undefined {
    return this.#readWith(() => readLastLines(this.path, count));
  }

  #readWith(work: () => Buffer): Buffer | undefined {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw readFailure(this.#name, error);
    }
  }

  /** Replaces the content, safe against power loss when it returns. To be called once. @throws Failure (I/O) */
  replace(content: Buffer | string): void {
    const { descriptor } = this.#next;
    try {
      ftruncateSync(descriptor, 0);
      writeFileSync(descriptor, content);
      this.#keepOwnership(descriptor);
      fsyncSync(descriptor);
      renameSync(this.#nextPath, this.path);
      this.#replaced = true;
      syncFolder(dirname(this.path));
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  #keepOwnership(descriptor: number): void {
    const old = statSync(this.path, { throwIfNoEntry: false });
    if (old === undefined) {
      fchmodSync(descriptor, 0o666 & ~process.umask());
      return;
    }
    const next = fstatSync(descriptor);
    if (next.uid !== old.uid || next.gid !== old.gid) giveAway(descriptor, old);
    fchmodSync(descriptor, old.mode & 0o7777);
  }

  /** Unlocks. */
  release(): void {
    // Removed first, so that the next holder of the lock finds a free name.
    if (!this.#replaced) remove(this.#nextPath);
    this.#next.close();
  }
}

/** Gives a file to another owner, which only root can. */
function giveAway(descriptor: number, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // It stays ours.
  }
}

/** Removes a file, or leaves it where that fails: it does no harm. */
export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The next process that needs the name takes the file over.
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
  const file = new LockedFile(
    path,
    name,
    await openLocked({ path: nextPath, name, mode: 0o600, refuseLink: true }, options),
    nextPath,
  );
  try {
    const present = await lockPresent(path, name, options);
    try {
      return await work(file);
    } finally {
      present?.close();
    }
  } finally {
    file.release();
  }
}

/** Locks the file itself; undefined when there is none yet. */
async function lockPresent(path: string, name: string, options: LockOptions): Promise<Locked | undefined> {
  try {
    return await openLocked({ path, name, mode: undefined }, options);
  } catch (error) {
    const code = error instanceof Failure ? errorCode(error.cause) : undefined;
    // It does not exist; or it may not be read, which reading it will say.
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
