/**
 * An exclusive lock on a path that dies with its holder: flock(2), called through koffi, since Node has no call of it.
 *
 * The kernel releases it when the process ends in whatever way, so no lock is ever stale and none is broken by age.
 * The locked file may be renamed or removed by its holder: who waited for it sees that the path leads to another file
 * by then, and starts over with that one.
 *
 * Its calls, like those of all that is done under a lock, are made at once: each takes less time than to ask a thread.
 */

import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { jittered, retry } from '../async/retry.ts';
import { Failure, status, writeFailure } from '../failure.ts';

const LOCK_EXCLUSIVE_NOW = 2 | 4;

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
  /** For a file of our own making, where a link can only be somebody's trap. */
  readonly refuseLink?: true;
}

export interface Locked {
  readonly descriptor: number;
  /** Unlocks it. */
  close(): void;
}

/**
 * Opens a file for reading and writing, creating it where it is missing, or as it is for reading, and locks it. Closing
 * it unlocks it.
 *
 * @throws Busy when it stays locked for `waitMs`; Failure (I/O) when it cannot be opened
 */
export function openLocked(lockable: Lockable, { waitMs }: LockOptions): Promise<Locked> {
  return retry(() => openLockedNow(lockable), {
    timeoutMs: waitMs,
    pause: jittered,
    isTransient: (error) => error instanceof Busy,
  });
}

async function openLockedNow({ path, name, mode, refuseLink }: Lockable): Promise<Locked> {
  const access = mode === undefined ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT;
  let descriptor: number | undefined;
  try {
    const opened = openSync(path, access | (refuseLink ? constants.O_NOFOLLOW : 0), mode);
    descriptor = opened;
    if (!((await lockNow(opened, name)) && leadsTo(path, opened))) throw new Busy(name);
    return { descriptor: opened, close: () => closeSync(opened) };
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw writeFailure(name, error);
  }
}

function leadsTo(path: string, descriptor: number): boolean {
  const opened = fstatSync(descriptor, { bigint: true });
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  return there !== undefined && there.ino === opened.ino && there.dev === opened.dev;
}

interface Native {
  flock(descriptor: number, operation: number): number;
  errno(): number;
}

let native: Native | undefined;

/** Whether it is ours now; false when another process holds it. @throws Failure (I/O) */
async function lockNow(descriptor: number, name: string): Promise<boolean> {
  native ??= await loadNative();
  if (native.flock(descriptor, LOCK_EXCLUSIVE_NOW) === 0) return true;
  const errno = native.errno();
  if (errno === system.errno.EWOULDBLOCK) return false;
  throw new Failure(status.io, `${name}: cannot be locked: ${getSystemErrorMap().get(-errno)?.[1] ?? errno}`);
}

async function loadNative(): Promise<Native> {
  const koffi = await loadKoffi();
  const flock: Native['flock'] = koffi.load(null).func('int flock(int, int)');
  return { flock, errno: koffi.errno };
}

/** Its native part alone, where npm has put it: what is around that takes twice as long to load, for nothing here. */
async function loadKoffi(): Promise<typeof import('koffi')['default']> {
  try {
    return (await import(`@koromix/koffi-${process.platform}-${process.arch}`)).default;
  } catch {
    return (await import('koffi')).default;
  }
}
