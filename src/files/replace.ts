/**
 * Replacing a file: whoever reads it sees the old content or the new, whole, whatever dies on the way.
 *
 * The next version is written to `.NAME.next` beside the file, synced, and renamed over it. That file is also the
 * lock: one process at a time holds it, and when its holder is killed the next one takes it over, so that nothing
 * piles up and nothing has to be cleaned. The file itself is locked too, against those who only append to it.
 */

import { promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, Failure, readFailure, status, writeFailure } from '../failure.ts';
import { type LockOptions, openLocked } from './lock.ts';

const NEWLINE = 10;

/** A file of which this process alone may write the next version. */
export class LockedFile {
  /** Where the file really is, with symbolic links followed: a link stays a link. */
  readonly path: string;
  readonly #name: string;
  readonly #next: FileHandle;
  readonly #nextPath: string;
  #replaced = false;

  /** Use `withLocked`. */
  constructor(path: string, name: string, next: FileHandle, nextPath: string) {
    this.path = path;
    this.#name = name;
    this.#next = next;
    this.#nextPath = nextPath;
  }

  /** The content; undefined when there is no such file. @throws Failure (no input, I/O) */
  read(): Promise<Buffer | undefined> {
    return this.#readWith(() => fs.readFile(this.path));
  }

  /** The last lines of the content, at least `count` of them where there are so many; memory for these alone. */
  readLast(count: number): Promise<Buffer | undefined> {
    return this.#readWith(() => readLastLines(this.path, count));
  }

  async #readWith<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw readFailure(this.#name, error);
    }
  }

  /** Puts the new content in place, safe against power loss when it returns. At most once. @throws Failure (I/O) */
  async replace(content: Buffer | string): Promise<void> {
    try {
      await this.#next.truncate(0);
      await this.#next.writeFile(content);
      await this.#keepOwnership();
      await this.#next.sync();
      await fs.rename(this.#nextPath, this.path);
      this.#replaced = true;
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  async #keepOwnership(): Promise<void> {
    try {
      const { mode, uid, gid } = await fs.stat(this.path);
      const own = await this.#next.stat();
      // Only root can give a file away; for all others it is theirs anyway or the system says no.
      if (own.uid !== uid || own.gid !== gid) await this.#next.chown(uid, gid).catch(() => {});
      await this.#next.chmod(mode & 0o7777);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      await this.#next.chmod(0o666 & ~process.umask());
    }
  }

  /** Unlocks. Removed first, so that who gets the lock next finds a free name. */
  async release(): Promise<void> {
    if (!this.#replaced) await fs.unlink(this.#nextPath).catch(() => {});
    await this.#next.close();
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
  work: (file: LockedFile) => Promise<Result>,
): Promise<Result> {
  const path = await resolveTarget(name);
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
      await standing?.close();
    }
  } finally {
    await file.release();
  }
}

async function lockStanding(
  path: string,
  name: string,
  options: LockOptions,
): Promise<FileHandle | undefined> {
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
export async function versionOf(path: string): Promise<string> {
  try {
    const { ino, birthtimeNs } = await fs.stat(path, { bigint: true });
    return `${ino} ${birthtimeNs}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw readFailure(path, error);
  }
}

/** Where a file really is or will be, with symbolic links followed. @throws Failure when it is no regular file */
export async function resolveTarget(name: string): Promise<string> {
  try {
    const path = await fs.realpath(name);
    const there = await fs.stat(path);
    if (there.isDirectory()) throw new Failure(status.noInput, `${name}: is a directory`);
    if (!there.isFile())
      throw new Failure(status.io, `${name}: is not a regular file and cannot be replaced`);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw readFailure(name, error);
  }
  try {
    const path = join(await fs.realpath(dirname(name)), basename(name));
    const link = await linkAt(path);
    return link === undefined ? path : await resolveTarget(resolve(dirname(path), link));
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** What a link points to, also when nothing is there. */
async function linkAt(path: string): Promise<string | undefined> {
  try {
    return await fs.readlink(path);
  } catch (error) {
    if (['EINVAL', 'ENOENT'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Makes a rename or a new name in a folder safe against power loss. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await fs.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const BLOCK = 1 << 16;

async function readLastLines(path: string, count: number): Promise<Buffer> {
  const file = await fs.open(path, 'r');
  try {
    const blocks: Buffer[] = [];
    let newlines = 0;
    let at = (await file.stat()).size;
    // One newline more than lines: the one that ends the line before them. And one line more, to tell that there are.
    while (at > 0 && newlines <= count + 1) {
      const size = Math.min(BLOCK, at);
      at -= size;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, at);
      blocks.unshift(buffer.subarray(0, bytesRead));
      for (const byte of buffer) if (byte === NEWLINE) newlines += 1;
    }
    const last = Buffer.concat(blocks);
    // A block begins anywhere in a line, and the rest of that line is not a line.
    return at === 0 ? last : last.subarray(last.indexOf(NEWLINE) + 1);
  } finally {
    await file.close();
  }
}
