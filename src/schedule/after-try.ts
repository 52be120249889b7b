/** What becomes of a run when a try of it has ended. Pure. */

import type { NextState, TryResult } from '../ledger/records.ts';
import type { Policies } from './policies.ts';

export interface Ended {
  readonly result: TryResult;
  /** Tries so far, this one included. */
  readonly tries: number;
  /** Whether a person, or the next run, wanted its end, so that it is not tried again. */
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

/** Of the factor that spreads out jobs that fail together. */
const [LEAST, MOST] = [0.75, 1.25];

/** Doubles with each try, up to its limit; times a factor. */
export function retryDelayMs(
  tries: number,
  { retryDelayMs: first, maxRetryDelayMs }: Policies,
  random: number,
): number {
  return Math.min(first * 2 ** (tries - 1), maxRetryDelayMs) * (LEAST + random * (MOST - LEAST));
}

/** No time between two tries is longer. */
export function longestRetryDelayMs({ maxRetryDelayMs }: Policies): number {
  return maxRetryDelayMs * MOST;
}
