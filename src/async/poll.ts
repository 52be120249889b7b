/** Watching what cannot call by itself: its version is asked for from time to time. */

import { setTimeout as sleep } from 'node:timers/promises';

interface Watch {
  /** What is different after each change. While it throws, nothing is known to have changed. */
  version(): Promise<string>;
  readonly everyMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Calls back after each change that comes after this call. */
export async function watchVersion({ version, everyMs, signal }: Watch, changed: () => void): Promise<void> {
  let known = await version().catch(() => undefined);
  for (;;) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const next = await version().catch(() => known);
    if (next !== known && !signal.aborted) changed();
    known = next;
  }
}
