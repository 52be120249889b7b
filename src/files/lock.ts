/**
 * An exclusive lock on a path that dies with its holder: flock(2), called through koffi, since Node has no call of it.
 *
 * The kernel releases it when the process ends in whatever way, so no lock is ever stale and none is broken by age.
 * The locked file may be renamed or removed by its holder: who waited for it sees that the path leads to another file
 * by then, and starts over with that one.
 */

import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, Failure, status, writeFailure } from '../failure.ts';

const LOCK_EXCLUSIVE_NOW = 2 | 4;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

export interface LockOptions {
  /** How long to wait for another holder; 0 tries once. */
  readonly waitMs: number;
}

/** A busy lock. Its own class, since a tool may be told to skip its work then. */
export class Busy extends Failure {
  constructor(name: string) {
    super(status.temporary, `${name}: busy: another process holds its lock`);
  }
}

export interface Lockable {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** Of the file, where it has to be created; undefined for a file that must be there, and is opened for reading. */
  readonly mode: number | undefined;
}

/**
 * Opens a file for reading and writing, creating it where it is missing, or as it is for reading, and locks it. Closing
 * it unlocks it.
 *
 * @throws Busy when it stays locked for `waitMs`; Failure (I/O) when it cannot be opened
 */
export async function openLocked(lockable: Lockable, { waitMs }: LockOptions): Promise<FileHandle> {
  const deadline = performance.now() + waitMs;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const file = await tryLocked(lockable);
    if (file !== undefined) return file;
    if (performance.now() >= deadline) throw new Busy(lockable.name);
    // Random, so that waiters do not come back all at once.
    await sleep(pause * (0.5 + Math.random()));
  }
}

async function tryLocked({ path, name, mode }: Lockable): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(
      path,
      mode === undefined ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT,
      mode,
    );
    const flock = await loadFlock();
    if (flock(file.fd, LOCK_EXCLUSIVE_NOW) === 0 && (await leadsTo(path, file))) return file;
    await file.close();
    return undefined;
  } catch (error) {
    await file?.close();
    throw writeFailure(name, error);
  }
}

async function leadsTo(path: string, file: FileHandle): Promise<boolean> {
  const opened = await file.stat({ bigint: true });
  try {
    const there = await stat(path, { bigint: true });
    return there.ino === opened.ino && there.dev === opened.dev;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

type Flock = (descriptor: number, operation: number) => number;
let loaded: Flock | undefined;

async function loadFlock(): Promise<Flock> {
  if (loaded === undefined) {
    const { default: koffi } = await import('koffi');
    loaded = koffi.load(null).func('int flock(int, int)') as Flock;
  }
  return loaded;
}
