/**
 * Replacing a file: whoever reads it sees the old content or the new, whole, whatever dies on the way.
 *
 * The next version is written to `.NAME.next` beside the file, synced, and renamed over it. That file is also the
 * lock: one process at a time holds it, and when its holder is killed the next one takes it over, so that nothing
 * piles up and nothing has to be cleaned. The file itself is locked too, against those who only append to it.
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
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, Failure, readFailure, status, writeFailure } from '../failure.ts';
import { type Locked, type LockOptions, openLocked } from './lock.ts';

const NEWLINE = 10;

/** A file of which this process alone may write the next version. */
export class LockedFile {
  /** Where the file really is, with symbolic links followed: a link stays a link. */
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

  /** The content; undefined when there is no such file. @throws Failure (no input, I/O) */
  read(): Buffer | undefined {
    return this.#readWith(() => readFileSync(this.path));
  }

  /** The last lines of the content, at least `count` of them where there are so many; memory for these alone. */
  readLast(count: number): Buffer | undefined {
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

  /** Puts the new content in place, safe against power loss when it returns. At most once. @throws Failure (I/O) */
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
    const there = statSync(this.path, { throwIfNoEntry: false });
    if (there === undefined) {
      fchmodSync(descriptor, 0o666 & ~process.umask());
      return;
    }
    const own = fstatSync(descriptor);
    if (own.uid !== there.uid || own.gid !== there.gid) giveAway(descriptor, there);
    fchmodSync(descriptor, there.mode & 0o7777);
  }

  /** Unlocks. Removed first, so that who gets the lock next finds a free name. */
  release(): void {
    if (!this.#replaced) remove(this.#nextPath);
    this.#next.close();
  }
}

/** Only root can give a file away; for all others it is theirs anyway or the system says no. */
function giveAway(descriptor: number, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // It stays theirs.
  }
}

/** Removes a file that may be gone, and does no harm where it stands. */
export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Who needs the name next takes the file over.
  }
}

/**
 * Runs `work` while no other process may replace the file `name`; the file need not exist yet.
 *
 * @throws Failure (temporary) when another process holds it longer than `options.waitMs`
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
    const standing = await lockStanding(path, name, options);
    try {
      return await work(file);
    } finally {
      standing?.close();
    }
  } finally {
    file.release();
  }
}

async function lockStanding(path: string, name: string, options: LockOptions): Promise<Locked | undefined> {
  try {
    return await openLocked({ path, name, mode: undefined }, options);
  } catch (error) {
    const code = error instanceof Failure ? errorCode(error.cause) : undefined;
    // Nothing is there yet; or it cannot be read, which reading it will say.
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Replaces the file `name` as a whole. @throws Failure */
export function replaceFile(name: string, content: Buffer | string, options: LockOptions): Promise<void> {
  return withLocked(name, options, (file) => file.replace(content));
}

/** What tells this version of a file from the next, which may get its inode again; empty when there is no such file. */
export function versionOf(path: string): string {
  try {
    const there = statSync(path, { bigint: true, throwIfNoEntry: false });
    return there === undefined ? '' : `${there.ino} ${there.birthtimeNs}`;
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Where a file really is or will be, with symbolic links followed. @throws Failure when it is no regular file */
export function resolveTarget(name: string): string {
  try {
    const path = realpathSync.native(name);
    const there = statSync(path);
    if (there.isDirectory()) throw new Failure(status.noInput, `${name}: is a directory`);
    if (!there.isFile())
      throw new Failure(status.io, `${name}: is not a regular file and cannot be replaced`);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw readFailure(name, error);
  }
  try {
    const path = join(realpathSync.native(dirname(name)), basename(name));
    const link = linkAt(path);
    return link === undefined ? path : resolveTarget(resolve(dirname(path), link));
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** What a link points to, also when nothing is there. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (['EINVAL', 'ENOENT'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
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

const BLOCK = 1 << 16;

function readLastLines(path: string, count: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const blocks: Buffer[] = [];
    let newlines = 0;
    let at = fstatSync(file).size;
    // One newline more than lines: the one that ends the line before them. And one line more, to tell that there are.
    while (at > 0 && newlines <= count + 1) {
      const block = Buffer.alloc(Math.min(BLOCK, at));
      at -= block.length;
      const bytes = block.subarray(0, readSync(file, block, 0, block.length, at));
      blocks.unshift(bytes);
      for (const byte of bytes) if (byte === NEWLINE) newlines += 1;
    }
    const last = Buffer.concat(blocks);
    // A block begins anywhere in a line, and the rest of that line is not a line.
    return at === 0 ? last : last.subarray(last.indexOf(NEWLINE) + 1);
  } finally {
    closeSync(file);
  }
}
