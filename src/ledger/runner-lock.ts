/**
 * The lock of one run-tasks at work, beside its ledger: by it others see whether what it has begun is still being done. Many
 * may work on one ledger, beside its schedule.
 */

import { type Locked, openLocked } from '../files/lock.ts';
import { tryToRemove } from '../files/remove.ts';
import { nodeCrypto } from '../load.ts';
import { isHeld, lockOf, sayWho } from './schedule-lock.ts';

const MODE = 0o644;

export interface RunnerLock {
  /** In the ledger with each run, and in the environment of each try. */
  readonly path: string;
  /** Unlocks and removes it. */
  release(): void;
}

/** @throws Failure (I/O) */
export async function lockRunner(ledger: string, now: number): Promise<RunnerLock> {
  const path = `${lockOf(ledger)}-${nodeCrypto().randomBytes(6).toString('hex')}`;
  const locked: Locked = await openLocked({ path, name: path, mode: MODE }, { waitMs: 0 });
  sayWho(locked, now);
  return {
    path,
    release: () => {
      tryToRemove(path);
      locked.close();
    },
  };
}

/** Whether the run-tasks lives that holds this lock. What cannot be looked at may live. */
export function isRunnerLive(runner: string): Promise<boolean> {
  return isHeld(runner).catch(() => true);
}

/** Of these runners those that live. */
export async function liveRunners(runners: Iterable<string>): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  for (const runner of new Set(runners)) if (await isRunnerLive(runner)) live.add(runner);
  return live;
}
