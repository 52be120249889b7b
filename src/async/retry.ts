/** Trying again what may succeed later. */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from './clock.ts';

/** Milliseconds to wait before a retry, counted from 0; `leftMs` is what is left of the timeout. */
type Pause = (retry: number, leftMs: number) => number;

interface RetryOptions {
  /** A try that fails after this time is the last one; no limit by default. */
  readonly timeoutMs?: number;
  /** What the timeout counts from: the first try by default; the first failure where a try itself may wait for long. */
  readonly timeoutFrom?: 'failure';
  /** Tries after the first one; no limit by default. */
  readonly retries?: number;
  readonly pause: Pause;
  /** Ends a pause at once; a try has its own way to hear of it. */
  readonly signal?: AbortSignal;
  /** Whether another try may succeed. */
  isTransient(error: unknown): boolean;
  /** Called with the error before each pause. */
  onRetry?(error: unknown): void;
}

/** The result of the first try that succeeds. @throws the error of the last try, also when the signal is aborted */
export async function retry<Result>(
  attempt: () => Result | Promise<Result>,
  {
    timeoutMs = Infinity,
    timeoutFrom,
    retries = Infinity,
    pause,
    signal,
    isTransient,
    onRetry,
  }: RetryOptions,
): Promise<Result> {
  let begun = elapsedMs();
  for (let retried = 0; ; retried++) {
    try {
      return await attempt();
    } catch (error) {
      if (timeoutFrom === 'failure' && retried === 0) begun = elapsedMs();
      const leftMs = timeoutMs - (elapsedMs() - begun);
      if (!isTransient(error) || retried >= retries || leftMs <= 0 || signal?.aborted) throw error;
      onRetry?.(error);
      await sleep(pause(retried, leftMs), undefined, signal && { signal }).catch(() => {
        throw error;
      });
    }
  }
}

/** For a lock that is held for moments: 2 ms doubling to 50 ms, times 0.5 to 1.5 so that waiters spread out. */
export function jittered(retry: number): number {
  return Math.min(2 * 2 ** retry, 50) * (0.5 + Math.random());
}

/** For a device or a server: at random below 250 ms doubling to 30 s ("full jitter"). @param random 0 to 1 */
export function backOff(retry: number, leftMs: number, random: number = Math.random()): number {
  return random * Math.max(0, Math.min(250 * 2 ** retry, 30_000, leftMs));
}

/** For a server that comes back within `totalMs`: pauses that double, and together are `totalMs`. */
export function spread(totalMs: number, retries: number): Pause {
  const first = totalMs / (2 ** retries - 1);
  return (retry) => first * 2 ** retry;
}
