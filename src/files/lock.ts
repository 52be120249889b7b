/**
 * An exclusive lock on a path that dies with its holder: flock(2), called through koffi, since Node has no call of it.
 *
 * The kernel releases it when the process ends in whatever way, so no lock is ever stale and none is broken by age.
 * Its holder may rename or remove the locked file: a process that waited for it sees that the path now leads to another
 * file, and starts over with that one.
 *
 * Calls to the system are synchronous here, and in all that is done under a lock: each takes less time than a thread.
 */

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { jittered, retry } from '../async/retry.ts';
import { errorCode, Failure, status, writeFailure } from '../failure.ts';
import { tryToClose } from './remove.ts';
import { errnoName, errnoText, systemCalls } from './system-calls.ts';

const LOCK_SHARED_NOW = 1 | 4;
const LOCK_EXCLUSIVE_NOW = 2 | 4;

/** How to wait for a lock. */
export interface LockOptions {
  /** How long to wait for another holder, in milliseconds; 0 tries once. */
  readonly waitMs: number;
}

/** A lock that another process holds. A class of its own, since a tool may be told to skip its work then. */
export class Busy extends Failure {
  constructor(name: string) {
    super(status.temporary, `${name}: busy: another process holds its lock`);
  }
}

/** A file to be locked. */
interface Lockable {
  readonly path: string;
  /** The name in messages. */
  readonly name: string;
  /** Permissions of a file that is created if missing; undefined for a file that must exist, and is opened for reading. */
  readonly mode: number | undefined;
  /** Whether all that is written goes to the end, wherever that is by then. */
  readonly append?: true;
  /**
   * For a file that only we create: a link can only be a trap, and a file that a killed process of another user has left
   * is removed, so that it locks nobody out.
   */
  readonly refuseLink?: true;
  /** Whether others may have it at the same time that share it, too: those who only look whether somebody has it for himself. */
  readonly isShared?: true;
}

/** An open file that this process has locked. */
export interface Locked {
  readonly descriptor: number;
  /** Closes and unlocks it. @throws Failure (I/O) */
  close(): void;
}

/**
 * Opens a file, for reading and writing if it has a mode, and locks it.
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

async function openLockedNow(lockable: Lockable): Promise<Locked> {
  const { path, name, refuseLink, isShared = false } = lockable;
  let descriptor: number | undefined;
  try {
    const opened = open(lockable);
    descriptor = opened;
    if (!((await lockNow(opened, { name, isShared })) && leadsTo(path, opened))) throw new Busy(name);
    if (!(refuseLink && isForeign(opened) && removed(path)))
      return { descriptor: opened, close: () => close(opened, name) };
    tryToClose(opened);
    descriptor = undefined;
    return await openLockedNow(lockable);
  } catch (error) {
    if (descriptor !== undefined) tryToClose(descriptor);
    throw writeFailure(name, error);
  }
}

function close(descriptor: number, name: string): void {
  try {
    closeSync(descriptor);
  } catch (error) {
    throw writeFailure(name, error);
  }
}

/** @throws Busy when another user's process holds it; the system's error */
function open({ path, name, mode, append, refuseLink }: Lockable): number {
  const access = mode === undefined ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT;
  const flags = access | (append ? constants.O_APPEND : 0) | (refuseLink ? constants.O_NOFOLLOW : 0);
  try {
    return openSync(path, flags, mode);
  } catch (error) {
    if (!refuseLink || errorCode(error) !== 'EACCES') throw error;
    const isHeld = hasHolder(path);
    if (isHeld) throw new Busy(name);
    if (isHeld === undefined || !removed(path)) throw error;
    return openSync(path, flags, mode);
  }
}

/** Whether a process has a lock on a file that cannot be opened, by what the kernel lists; undefined when it does not say. */
function hasHolder(path: string): boolean | undefined {
  try {
    const { ino } = lstatSync(path, { bigint: true });
    // A line is `1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF`. The device is not compared: stat(2) may give another.
    return readFileSync('/proc/locks', 'latin1').includes(`:${ino} `);
  } catch {
    return undefined;
  }
}

/** Whether it is another user's, so that its mode and owner cannot be changed. */
function isForeign(descriptor: number): boolean {
  const user = process.geteuid?.() ?? 0;
  return user !== 0 && fstatSync(descriptor).uid !== user;
}

function removed(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    // In a folder of others; it stays as it is.
    return false;
  }
}

/** Whether a path still leads to the file that was opened by it. @throws the system's error */
export function leadsTo(path: string, descriptor: number): boolean {
  const opened = fstatSync(descriptor, { bigint: true });
  const current = statSync(path, { bigint: true, throwIfNoEntry: false });
  return current !== undefined && current.ino === opened.ino && current.dev === opened.dev;
}

/** Locks a file; false when another process holds it. @throws Failure (I/O) */
async function lockNow(
  descriptor: number,
  { name, isShared }: { name: string; isShared: boolean },
): Promise<boolean> {
  const calls = await systemCalls();
  const operation = isShared ? LOCK_SHARED_NOW : LOCK_EXCLUSIVE_NOW;
  let errno: number;
  do {
    if (calls.flock(descriptor, operation) === 0) return true;
    errno = calls.errno();
  } while (errnoName(errno) === 'EINTR');
  if (errnoName(errno) === 'EAGAIN') return false;
  throw new Failure(status.io, `${name}: cannot be locked: ${errnoText(errno)}`);
}
