/** The lock file beside a ledger that ensures a single schedule per ledger. */

import { ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode, Failure, status } from '../failure.ts';
import { Busy, type Locked, openLocked } from '../files/lock.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { formatTime } from '../readings/time.ts';

const MODE = 0o644;
/** Long enough to outlast the shared lock of a process that checks whether a schedule is alive. */
const WAIT_MS = 500;

/** The path of a ledger's lock file, independent of symbolic links. @throws Failure when the path cannot be a ledger */
export function lockOf(ledger: string): string {
  return `${resolveTarget(ledger)}-lock`;
}

/** @throws Failure (temporary), naming the holder, when another schedule runs; Failure (I/O) */
export async function lockSchedule(ledger: string, now: number): Promise<Locked> {
  const path = lockOf(ledger);
  try {
    const locked = await openLocked({ path, name: `${ledger}-lock`, mode: MODE }, { waitMs: WAIT_MS });
    sayWho(locked, now);
    return locked;
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    throw new Failure(status.temporary, `${ledger}: in use by another schedule: ${holderOf(path)}`, {
      cause: error,
    });
  }
}

/** Names the holder in the lock file. Only for messages, so errors such as a full disk are ignored. */
export function sayWho({ descriptor }: Locked, now: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `pid ${process.pid} on ${hostname()} since ${formatTime(now)}\n`);
  } catch {
    // The holder is then unknown.
  }
}

export function holderOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Whether a schedule of this ledger is alive. @throws Failure (I/O) */
export function isScheduleLive(ledger: string): Promise<boolean> {
  return isHeld(lockOf(ledger));
}

/** Whether a process holds this lock. @throws Failure (I/O) */
export async function isHeld(path: string): Promise<boolean> {
  try {
    // Shared, so that two concurrent checks do not mistake each other for a schedule.
    (await openLocked({ path, name: path, mode: undefined, isShared: true }, { waitMs: 0 })).close();
    return false;
  } catch (error) {
    if (error instanceof Busy) return true;
    if (error instanceof Failure && errorCode(error.cause) === 'ENOENT') return false;
    throw error;
  }
}
