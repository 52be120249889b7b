/** How long to wait for something and how often to try: one timeout over all tries and the pauses between them. */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import { Failure, status } from '../failure.ts';

export interface Patience {
  readonly timeoutMs: number;
  /** Tries after the first one. */
  readonly retries: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The first result; only temporary failures are tried again. Ends when the time is over even if `attempt` does not.
 *
 * @throws Failure, the last one met, or a temporary one that begins with `name` when there was none in time
 * @throws the signal's reason when it is aborted
 */
export async function patiently<Result>(
  name: string,
  { timeoutMs, retries, random = Math.random }: Patience,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  // Not AbortSignal.any(): a signal that lives for months would remember each one made from it.
  const stop = new AbortController();
  const interrupt = () => stop.abort(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  const late = new Failure(status.temporary, `${name}: no reading within ${timeoutMs / 1000} s`);
  const end = elapsedMs() + timeoutMs;
  const timer = setTimeout(() => stop.abort(late), Math.min(timeoutMs, LONGEST_TIMER_MS));
  let last: unknown = late;
  try {
    for (let retry = 0; !stop.signal.aborted; retry++) {
      try {
        return await unlessAborted(stop.signal, attempt(stop.signal));
      } catch (error) {
        if (stop.signal.aborted) break;
        last = error;
        if (!isTemporary(error) || retry >= retries) break;
        const pause = pauseMs(retry, end - elapsedMs(), random());
        await sleep(pause, undefined, { signal: stop.signal }).catch(() => {});
      }
    }
    signal.throwIfAborted();
    throw last;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}

/** Exponential backoff with full jitter, within what is left of the time: `random` is from 0 to 1. */
export function pauseMs(retry: number, leftMs: number, random: number): number {
  return random * Math.max(0, Math.min(FIRST_PAUSE_MS * 2 ** retry, LONGEST_PAUSE_MS, leftMs));
}

function isTemporary(error: unknown): boolean {
  return error instanceof Failure && error.status === status.temporary;
}

/** The promise's outcome, or the signal's reason as soon as it is aborted. */
async function unlessAborted<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
