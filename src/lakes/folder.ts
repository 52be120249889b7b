/**
 * A folder as a lake: an object is a file.
 *
 * Objects are written to `.lake-put-RANDOM` in the folder, and moved to their name once complete. That file is locked
 * while its writer lives, so that later runs can remove the files of killed processes.
 */

import {
  closeSync,
  createReadStream,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode, errorText, Failure, readFailure, status, storageStatus } from '../failure.ts';
import { makeDurableFolders } from '../files/folders.ts';
import { type Locked, openLocked } from '../files/lock.ts';
import { handOver } from '../files/ownership.ts';
import { readAt } from '../files/read-at.ts';
import { readableSize, readChunks } from '../files/read-chunks.ts';
import { tryToClose, tryToRemove } from '../files/remove.ts';
import { syncFolder } from '../files/replace.ts';
import { checkTarget, leadsToStream } from './folder-target.ts';
import { BadName, type Lake, type LakeSettings, type NewObject } from './lake.ts';
import { nameProblem } from './object-name.ts';
import { isUnfinished, removeUnfinished, unfinishedName } from './unfinished.ts';

/** A cleanup by another process may hold a new file's lock for a moment. */
const LOCK = { waitMs: 10_000 };
const COMPARED = 1 << 16;

/** Does no I/O yet; the first object creates the folder. */
export default function openFolder(address: string, settings: LakeSettings): Lake {
  const folder = address === '' ? '.' : address;
  let hasCleanedUp = false;
  return {
    commitsAtOnce: 1,
    async begin() {
      try {
        makeFolder(folder);
        const root = realpathSync.native(folder);
        const path = join(root, unfinishedName());
        const file = await openLocked({ path, name: address, mode: 0o666, refuseLink: true }, LOCK);
        if (!hasCleanedUp) void removeUnfinished(root);
        hasCleanedUp = true;
        return new NewFile({ root, path, address, settings }, file);
      } catch (error) {
        throw folderFailure(address, error);
      }
    },
    get: (name) => fileChunks(address + name),
    addressOf: (name) => address + name,
  };
}

interface Target {
  /** The real path of the folder. */
  readonly root: string;
  /** The path of the file before the rename. */
  readonly path: string;
  readonly address: string;
  readonly settings: LakeSettings;
}

class NewFile implements NewObject {
  readonly #target: Target;
  readonly #file: Locked;
  #isOver = false;

  constructor(target: Target, file: Locked) {
    this.#target = target;
    this.#file = file;
  }

  async write(bytes: Buffer): Promise<void> {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file.descriptor, bytes, at);
    } catch (error) {
      throw folderFailure(this.#target.address, error);
    }
  }

  async commit(name: string): Promise<'stored' | 'present'> {
    const { root, address } = this.#target;
    try {
      // A file with such a name would be removed as a leftover.
      const problem =
        nameProblem(name) ?? (isUnfinished(name) ? 'is that of an unfinished object' : undefined);
      if (problem !== undefined) throw new BadName(name, problem);
      const path = join(root, name);
      checkTarget(root, name, this.#file.descriptor);
      makeFolder(dirname(path));
      return this.#moveTo(path, address + name);
    } catch (error) {
      throw folderFailure(address + name, error);
    } finally {
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    // Removed before the lock is released, so that no cleanup finds it.
    tryToRemove(this.#target.path);
    this.#file.close();
  }

  #moveTo(path: string, shown: string): 'stored' | 'present' {
    const { descriptor } = this.#file;
    const old = lstatSync(path, { throwIfNoEntry: false });
    if (old !== undefined && !old.isFile() && (!old.isSymbolicLink() || leadsToStream(path)))
      throw new Failure(
        status.unavailable,
        `${shown}: is ${old.isDirectory() ? 'a directory' : 'not a regular file'}`,
      );
    if (old?.isFile()) handOver(descriptor, old, old.mode & 0o7777);
    fsyncSync(descriptor);
    const done =
      old !== undefined && hasSameBytes(path, descriptor, old) ? 'present' : this.#publish(path, shown);
    syncFolder(dirname(path));
    return done;
  }

  #publish(path: string, shown: string): 'stored' | 'present' {
    const { settings, path: from } = this.#target;
    if (settings.clobber) {
      renameSync(from, path);
      return 'stored';
    }
    try {
      linkSync(from, path);
      return 'stored';
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      // Another process may have created it since the check.
      if (hasSameBytes(path, this.#file.descriptor, lstatSync(path))) return 'present';
      const message = `${shown}: already exists, with other content (--no-clobber)`;
      throw new Failure(status.unavailable, message, { cause: error });
    }
  }
}

/** Whether a file has the same bytes as an open one; syncs it if so. @throws the system's error */
function hasSameBytes(path: string, other: number, stat: Stats): boolean {
  const { size } = stat;
  if (!stat.isFile() || fstatSync(other).size !== size) return false;
  const descriptor = openSync(path, 'r');
  try {
    const [one, two] = [Buffer.alloc(COMPARED), Buffer.alloc(COMPARED)];
    for (let at = 0; at < size; at += COMPARED) {
      const lengths = [readAt(descriptor, one, at), readAt(other, two, at)];
      if (lengths[0] !== lengths[1] || !one.equals(two)) return false;
    }
    fsyncSync(descriptor);
    return true;
  } finally {
    tryToClose(descriptor);
  }
}

/** @throws Failure (unavailable) when the path is not a folder; the system's error */
function makeFolder(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  if (stat !== undefined) throw new Failure(status.unavailable, `${path}: is not a directory`);
  makeDurableFolders(path);
}

async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  try {
    if (!statSync(path).isFile()) yield* createReadStream(path);
    else yield* regularFile(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function* regularFile(path: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    yield* readChunks(descriptor, readableSize(fstatSync(descriptor).size));
  } finally {
    closeSync(descriptor);
  }
}

/** Maps a write error to a Failure: unavailable, I/O, or temporary. */
function folderFailure(address: string, error: unknown): unknown {
  const cause = error instanceof Failure ? error.cause : error;
  const code = errorCode(cause);
  if (code === undefined || error instanceof BadName) return error;
  if (error instanceof Failure && error.status !== status.io) return error;
  return new Failure(storageStatus(code), `${address}: ${errorText(cause)}`, { cause });
}
