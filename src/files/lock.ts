/**
 * An exclusive lock on a path that dies with its holder: flock(2), called through koffi, since Node has no call of it.
 *
 * The kernel releases it when the process ends in whatever way, so no lock is ever stale and none is broken by age.
 * Its holder may rename or remove the locked file: a process that waited for it sees that the path now leads to another
 * file, and starts over with that one.
 *
 * Calls to the system are synchronous here, and in all that is done under a lock: each takes less time than a thread.
 */

import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { jittered, retry } from '../async/retry.ts';
import { Failure, status, writeFailure } from '../failure.ts';

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
  /** For a file that only we create, where a link can only be a trap. */
  readonly refuseLink?: true;
}

/** An open file that this process has locked. */
export interface Locked {
  readonly descriptor: number;
  /** Closes and unlocks it. */
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
  const current = statSync(path, { bigint: true, throwIfNoEntry: false });
  return current !== undefined && current.ino === opened.ino && current.dev === opened.dev;
}

interface Native {
  flock(descriptor: number, operation: number): number;
  errno(): number;
}

let native: Native | undefined;

/** Locks a file; false when another process holds it. @throws Failure (I/O) */
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

/** Loads koffi's native part alone, if npm has put it in its usual folder: the rest takes as long again, and is not needed. */
async function loadKoffi(): Promise<typeof import('koffi')['default']> {
  try {
    return (await import(`@koromix/koffi-${process.platform}-${process.arch}`)).default;
  } catch {
    return (await import('koffi')).default;
  }
}
