/** Prunes old runs: `schedule` at its start and every hour, `run-tasks` a few at its end. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Keep, pruneLedger } from '../ledger/prune.ts';

const PAUSE_MS = 3_600_000;

interface Forgetting {
  readonly keep: Keep;
  readonly logFolder: string;
  /** Aborted to end the pruning. */
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
      if (count > 0) explain(`${count} old runs were forgotten`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      troubled(error);
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}

/** Runs that run-tasks prunes at its end: more than the one it adds, yet few enough not to delay it. */
const SOME = 20;

/** Prunes a few runs, unless a schedule has used the ledger lately: it may keep them longer. Failures are only reported. */
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
    explain(`${error.message}: old runs are kept for now`);
  }
}
