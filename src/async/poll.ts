/** Noticing changes of something that does not report them. */

import { setTimeout as sleep } from 'node:timers/promises';

interface Poll {
  /** Different after each change. While it throws, nothing counts as changed. */
  version(): Promise<string>;
  readonly everyMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Calls `changed` after each change since this call, until the signal is aborted. */
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
