/** Forgets old runs: `schedule` when it starts and every hour, `run-tasks` a few when it ends. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Keep, pruneLedger } from '../ledger/prune.ts';

const PAUSE_MS = 3_600_000;

interface Forgetting {
  readonly keep: Keep;
  readonly logFolder: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  now(): number;
  explain(message: string): void;
  /** Called when the ledger cannot be read or written. */
  troubled(failure: Failure): void;
}

export async function forgetOldRuns(ledger: Ledger, forgetting: Forgetting): Promise<void> {
  const { keep, logFolder, signal, now, explain, troubled } = forgetting;
  while (!signal.aborted) {
    try {
      const count = await pruneLedger(ledger, keep, { logFolder, signal, now: now() });
      if (count > 0) explain(`${count} old runs are forgotten`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      troubled(error);
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}

/** How many a run-tasks forgets when it ends: more than the one it adds, few enough not to delay it. */
const SOME = 20;

/** Forgets a few, unless a schedule does so, which may keep them longer. What cannot be removed stays. */
export async function forgetSomeRuns(
  ledger: Ledger,
  { keep, logFolder, signal, now, explain }: Omit<Forgetting, 'troubled'>,
): Promise<void> {
  try {
    const mark = await ledger.mark();
    if (signal.aborted || (mark !== undefined && now() - mark.decided < keep.ms)) return;
    await pruneLedger(ledger, keep, { logFolder, signal, now: now(), most: SOME });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    explain(`${error.message}: runs are kept that are to be forgotten`);
  }
}
