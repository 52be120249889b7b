/**
 * The lock of one run-tasks process, beside its ledger: others see by it whether the process is alive, and so whether its
 * runs are still being executed. Several run-tasks and a schedule may share a ledger.
 */

import { type Locked, openLocked } from '../files/lock.ts';
import { tryToRemove } from '../files/remove.ts';
import { nodeCrypto } from '../load.ts';
import { isHeld, lockOf, sayWho } from './schedule-lock.ts';

const MODE = 0o644;

export interface RunnerLock {
  /** Stored with each run in the ledger, and in the environment of each try. */
  readonly path: string;
  /** Removes the file, and releases the lock. */
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

/** Whether the run-tasks with this lock is alive. An inaccessible lock counts as alive. */
export function isRunnerLive(runner: string): Promise<boolean> {
  return isHeld(runner).catch(() => true);
}

/** Those of these runners that are alive. */
export async function liveRunners(runners: Iterable<string>): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  for (const runner of new Set(runners)) if (await isRunnerLive(runner)) live.add(runner);
  return live;
}
