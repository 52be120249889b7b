/** A steady rate: how many lines are due, again and again. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Lines due within so short a time come together. */
const SHORTEST_WAIT_MS = 5;
/** Waits are cut in pieces of this; timers count no further than 24 days. */
const LONGEST_WAIT_MS = 60_000;
/** What a stall delayed longer than this does not come any more. */
const LONGEST_DELAY_MS = 1000;

export interface Stopwatch {
  /** Milliseconds since some beginning. */
  elapsed(): number;
  readonly signal: AbortSignal;
}

/**
 * Line k is due k / rate seconds after the start, so that nothing adds up. After a stall the lines of at most a second
 * come at once, and the rate goes on from there.
 *
 * @param rate lines per second
 * @throws the signal's reason when it is aborted
 */
export async function* pace(rate: number, { elapsed, signal }: Stopwatch): AsyncGenerator<number> {
  const between = 1000 / rate;
  const most = Math.max(1, Math.floor(LONGEST_DELAY_MS / between));
  let start = elapsed();
  for (let given = 0; ; ) {
    signal.throwIfAborted();
    const late = elapsed() - start - given * between;
    const due = Math.floor(late / between) + 1;
    if (due > most) start += (due - most) * between;
    if (due > 0) yield Math.min(due, most);
    given += Math.max(0, Math.min(due, most));
    const wait = start + given * between - elapsed();
    if (wait > 0) await pause(Math.max(wait, SHORTEST_WAIT_MS), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(Math.ceil(ms), LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}
