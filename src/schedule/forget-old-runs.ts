/** Forgets old runs of a schedule, at its start and then each hour. */

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
