/** The lock of the schedule of a ledger, beside it: there is one schedule per ledger. */

import { ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode, Failure, status } from '../failure.ts';
import { Busy, type Locked, openLocked } from '../files/lock.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { formatTime } from '../readings/time.ts';

const MODE = 0o644;
/** For the moment in which `runs` looks whether a schedule has it. */
const WAIT_MS = 500;

/** The path of the lock of a ledger's schedule, the same by whatever link it is reached. @throws Failure for what can be no ledger */
export function lockOf(ledger: string): string {
  return `${resolveTarget(ledger)}-lock`;
}

/** @throws Failure (temporary) that names the holder; Failure (I/O) */
export async function lockSchedule(ledger: string, now: number): Promise<Locked> {
  const path = lockOf(ledger);
  try {
    const locked = await openLocked({ path, name: `${ledger}-lock`, mode: MODE }, { waitMs: WAIT_MS });
    sayWho(locked, now);
    return locked;
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    throw new Failure(status.temporary, `${ledger}: another schedule has it: ${holderOf(path)}`, {
      cause: error,
    });
  }
}

/** For messages only: a full disk is no reason to do without the lock. */
export function sayWho({ descriptor }: Locked, now: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `pid ${process.pid} on ${hostname()} since ${formatTime(now)}\n`);
  } catch {
    // Then the holder is unknown.
  }
}

export function holderOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Whether a schedule runs. @throws Failure (I/O) */
export function isScheduleLive(ledger: string): Promise<boolean> {
  return isHeld(lockOf(ledger));
}

/** Whether a runner holds its lock. @throws Failure (I/O) */
export async function isHeld(path: string): Promise<boolean> {
  try {
    // Shared, so that two who look at once do not take each other for a schedule.
    (await openLocked({ path, name: path, mode: undefined, isShared: true }, { waitMs: 0 })).close();
    return false;
  } catch (error) {
    if (error instanceof Busy) return true;
    if (error instanceof Failure && errorCode(error.cause) === 'ENOENT') return false;
    throw error;
  }
}
