/** When to take readings: every so often without drift, and which times a back-fill consists of. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Waits are cut in pieces of this, so that a clock that is set meanwhile is noticed. */
const LONGEST_WAIT_MS = 60_000;

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  readonly signal: AbortSignal;
}

/**
 * Comes back at once, then at start + k * everyMs, `count` times in all; ticks that were missed are skipped. Without
 * an interval it comes back as soon as it is asked.
 *
 * @throws the signal's reason when it is aborted
 */
export async function* ticks(
  everyMs: number | undefined,
  count: number,
  { now, signal }: Clock,
): AsyncGenerator<number> {
  const start = now();
  for (let tick = 0; tick < count; tick++) {
    if (tick > 0 && everyMs !== undefined) await until(nextTick(start, everyMs, now()), { now, signal });
    signal.throwIfAborted();
    yield tick;
  }
}

/** The first of start + k * everyMs after `now`. */
export function nextTick(start: number, everyMs: number, now: number): number {
  return start + (Math.floor((now - start) / everyMs) + 1) * everyMs;
}

async function until(time: number, { now, signal }: Clock): Promise<void> {
  for (let left = time - now(); left > 0; left = time - now()) {
    await sleep(Math.min(left, LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
}

/** The multiples of `everyMs` since the epoch from `from` (inclusive) to `to` (exclusive). */
export function* alignedTimes(from: number, to: number, everyMs: number): Generator<number> {
  for (let time = Math.ceil(from / everyMs) * everyMs; time < to; time += everyMs) yield time;
}
