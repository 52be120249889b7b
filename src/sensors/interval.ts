/** The times of readings at an interval: live without drift, or in the past. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Longer waits are cut into pieces, so that a clock that is set meanwhile is noticed. */
const LONGEST_WAIT_MS = 60_000;

interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  readonly signal: AbortSignal;
}

/**
 * Yields `count` times: 0 at once, 1, 2, ... at the next start + k * everyMs by the clock. Moments that were missed are
 * skipped; without an interval it never waits. When the clock is set back meanwhile it goes by the new time.
 *
 * @throws the signal's reason when it is aborted
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

/** The first of start + k * everyMs after `now`, all in milliseconds. */
export function nextTime(start: number, everyMs: number, now: number): number {
  return start + (Math.floor((now - start) / everyMs) + 1) * everyMs;
}

async function untilNext(start: number, everyMs: number, { now, signal }: Clock): Promise<void> {
  let time = nextTime(start, everyMs, now());
  for (let left = time - now(); left > 0; left = time - now()) {
    await sleep(Math.min(left, LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
    // Otherwise a clock that was set back would be waited for.
    if (time - now() > everyMs) time = nextTime(start, everyMs, now());
  }
}

/** The multiples of `everyMs` from `from` (inclusive) to `to` (exclusive), in epoch milliseconds. */
export function* alignedTimes(from: number, to: number, everyMs: number): Generator<number> {
  for (let time = Math.ceil(from / everyMs) * everyMs; time < to; time += everyMs) yield time;
}
