/** Retries with a pause, and the pauses to choose from. */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from './clock.ts';

/** Milliseconds to wait before retry number `retry` (from 0); `leftMs` is what remains of the timeout. */
type Pause = (retry: number, leftMs: number) => number;

interface RetryOptions {
  /** An attempt that fails after this time is the last; no limit by default. */
  readonly timeoutMs?: number;
  /** When the timeout starts: at the first attempt by default, or at the first failure if an attempt may block for long. */
  readonly timeoutFrom?: 'failure';
  /** Attempts after the first; no limit by default. */
  readonly retries?: number;
  readonly pause: Pause;
  /** Ends a pause at once. An attempt must watch the signal itself. */
  readonly signal?: AbortSignal;
  /** Whether another attempt may succeed. */
  isTransient(error: unknown): boolean;
  /** Called with the error before each pause. */
  onRetry?(error: unknown): void;
}

/** The result of the first successful attempt. @throws the error of the last attempt, also when the signal is aborted */
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

/** For a lock held briefly: 2 ms doubling to 50 ms, with a jitter of ±50 % so that waiters spread out. */
export function jittered(retry: number): number {
  return Math.min(2 * 2 ** retry, 50) * (0.5 + Math.random());
}

/** For a device or a server: full jitter below a cap of 250 ms doubling to 30 s. @param random 0 to 1 */
export function backOff(retry: number, leftMs: number, random: number = Math.random()): number {
  return random * Math.max(0, Math.min(250 * 2 ** retry, 30_000, leftMs));
}

/** For a server that comes back within `totalMs`: doubling pauses that add up to `totalMs`. */
export function spread(totalMs: number, retries: number): Pause {
  const first = totalMs / (2 ** retries - 1);
  return (retry) => first * 2 ** retry;
}
