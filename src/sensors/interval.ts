/** The times of readings at an interval: live without drift, or in the past. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Longer waits are split, to notice when the clock is set. */
const LONGEST_WAIT_MS = 60_000;

interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  readonly signal: AbortSignal;
}

/**
 * Yields 0 to `count` - 1: 0 at once, the others when the clock reaches the next start + k * everyMs. Skips missed
 * ticks; without an interval it never waits. When the clock is set back, it continues at the new time.
 *
 * @throws the signal's reason on abort
 */
export async function* atIntervals(
  everyMs: number | undefined,
  count: number,
  { now, signal }: Clock,
): AsyncGenerator<number> {
  const start = now();
  for (let index = 0; index < count; index++) {
    if (index > 0 && everyMs !== undefined) await untilNext(start, everyMs, { now, signal });
    signal.throwIfAborted();
    yield index;
  }
}

/** The first start + k * everyMs after `now`, all in milliseconds. */
export function nextTime(start: number, everyMs: number, now: number): number {
  return start + (Math.floor((now - start) / everyMs) + 1) * everyMs;
}

async function untilNext(start: number, everyMs: number, { now, signal }: Clock): Promise<void> {
  let time = nextTime(start, everyMs, now());
  for (let left = time - now(); left > 0; left = time - now()) {
    await sleep(Math.min(left, LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
    // The clock was set back: do not wait until it catches up.
    if (time - now() > everyMs) time = nextTime(start, everyMs, now());
  }
}

/** The multiples of `everyMs` from `from` (inclusive) to `to` (exclusive), in epoch milliseconds. */
export function* alignedTimes(from: number, to: number, everyMs: number): Generator<number> {
  for (let time = Math.ceil(from / everyMs) * everyMs; time < to; time += everyMs) yield time;
}
