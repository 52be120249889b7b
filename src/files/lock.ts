/**
 * A lock on a path that dies with its holder: flock(2), called through koffi, since Node does not offer it.
 *
 * The kernel releases it however the process ends, so a lock is never stale and never has to be broken by age. The
 * holder may rename or remove the locked file: a waiter then sees that the path leads to another file, and starts over
 * with that one.
 *
 * System calls are synchronous here and in all work under a lock: each is cheaper than a trip to the thread pool.
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

/** Another process holds the lock. A class of its own, since a tool may have an option to skip its work then. */
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
  /** Opens with O_APPEND. */
  readonly append?: true;
  /**
   * For a file that only we create: a symbolic link there can only be an attack. A file left by a killed process of
   * another user is removed, so that it locks nobody out.
   */
  readonly refuseLink?: true;
  /** A shared lock, for a process that only checks whether another holds the exclusive one. */
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

/** Whether any process holds a lock on a file that cannot be opened, by /proc/locks; undefined when that cannot be read. */
function hasHolder(path: string): boolean | undefined {
  try {
    const { ino } = lstatSync(path, { bigint: true });
    // A line is `1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF`. Its device may differ from the one of stat(2).
    return readFileSync('/proc/locks', 'latin1').includes(`:${ino} `);
  } catch {
    return undefined;
  }
}

/** Whether it belongs to another user, so that its mode and owner cannot be changed. */
function isForeign(descriptor: number): boolean {
  const user = process.geteuid?.() ?? 0;
  return user !== 0 && fstatSync(descriptor).uid !== user;
}

function removed(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    // The folder belongs to another user.
    return false;
  }
}

/** Whether a path still leads to the opened file. @throws the system's error */
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
