/** Decides whether a run ends or is retried after one of its tries. Pure. */

import type { NextState, TryResult } from '../ledger/records.ts';
import type { Policies } from './jobs/policies.ts';

export interface Ended {
  readonly result: TryResult;
  /** Number of tries so far, including this one. */
  readonly tries: number;
  /** Whether no retry is wanted whatever the result: a person or the next run stopped it, or a wait timed out. */
  readonly isUnwanted: boolean;
  /** Uniform in [0, 1). */
  readonly random: number;
}

export function afterTry({ result, tries, isUnwanted, random }: Ended, policies: Policies): NextState {
  const { state, reason, status, end } = result;
  const why = reason === undefined ? {} : { reason };
  const isFinal = status !== undefined && reason === undefined && policies.final.has(status);
  if (state !== 'failed' || isFinal || isUnwanted || tries > policies.retries) return { state, ...why };
  return { state: 'up_for_retry', ...why, retryAt: Math.round(end + retryDelayMs(tries, policies, random)) };
}

/** Range of the jitter factor, so that jobs that fail together do not retry together. */
const [LEAST, MOST] = [0.75, 1.25];

/** Delay before the next try in milliseconds: capped exponential backoff with jitter. */
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
