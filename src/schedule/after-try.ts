/** What happens to a run when one of its tries has ended. Pure. */

import type { NextState, TryResult } from '../ledger/records.ts';
import type { Policies } from './jobs/policies.ts';

export interface Ended {
  readonly result: TryResult;
  /** Number of tries so far, including this one. */
  readonly tries: number;
  /** Whether a person or the next run ended it on purpose, so that it is not tried again. */
  readonly isUnwanted: boolean;
  /** 0 to 1. */
  readonly random: number;
}

export function afterTry({ result, tries, isUnwanted, random }: Ended, policies: Policies): NextState {
  const { state, reason, status, end } = result;
  const why = reason === undefined ? {} : { reason };
  const isFinal = status !== undefined && reason === undefined && policies.final.has(status);
  if (state !== 'failed' || isFinal || isUnwanted || tries > policies.retries) return { state, ...why };
  return { state: 'up_for_retry', ...why, retryAt: Math.round(end + retryDelayMs(tries, policies, random)) };
}

/** Range of the random factor that spreads out jobs that fail together. */
const [LEAST, MOST] = [0.75, 1.25];

/** Milliseconds before the next try: doubled with each try up to the limit, times a random factor. */
export function retryDelayMs(
  tries: number,
  { retryDelayMs: first, maxRetryDelayMs }: Policies,
  random: number,
): number {
  return Math.min(first * 2 ** (tries - 1), maxRetryDelayMs) * (LEAST + random * (MOST - LEAST));
}

/** Upper bound of `retryDelayMs`. */
export function longestRetryDelayMs({ maxRetryDelayMs }: Policies): number {
  return maxRetryDelayMs * MOST;
}
