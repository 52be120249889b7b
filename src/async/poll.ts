/** Polls what cannot notify of its changes. */

import { setTimeout as sleep } from 'node:timers/promises';

interface Poll {
  /** Different after each change. A call that throws counts as no change. */
  version(): Promise<string>;
  readonly everyMs: number;
  /** Stops polling. */
  readonly signal: AbortSignal;
}

/** Calls `changed` after each change from now on, until the signal is aborted. */
export async function poll({ version, everyMs, signal }: Poll, changed: () => void): Promise<void> {
  let known = await version().catch(() => undefined);
  for (;;) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const next = await version().catch(() => known);
    if (next !== known && !signal.aborted) changed();
    known = next;
  }
}
