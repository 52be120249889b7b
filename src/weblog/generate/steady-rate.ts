/** Paces lines at a steady rate. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Minimum wait: lines due within this time are batched. */
const SHORTEST_WAIT_MS = 5;
/** Longer waits are split: Node's timers are limited to 24 days. */
const LONGEST_WAIT_MS = 60_000;
/** Lines late by more than this are dropped. */
const LONGEST_DELAY_MS = 1000;

/** A monotonic clock, and the signal that ends waiting. */
export interface Stopwatch {
  /** Monotonic milliseconds from an arbitrary origin. */
  elapsed(): number;
  readonly signal: AbortSignal;
}

/**
 * Yields the number of lines due, whenever some are; endless.
 *
 * Line k is due k / rate seconds after the start, so errors do not accumulate. After a stall at most a second's worth
 * of lines comes at once, and the schedule restarts from there.
 *
 * @param rate lines per second, above 0
 * @throws the signal's reason on abort
 */
export async function* dueLines(rate: number, { elapsed, signal }: Stopwatch): AsyncGenerator<number> {
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
