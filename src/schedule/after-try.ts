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

/** Doubles with each try, up to its limit; times 0.75 to 1.25, so that jobs that fail together spread out. */
export function retryDelayMs(
  tries: number,
  { retryDelayMs: first, maxRetryDelayMs }: Policies,
  random: number,
): number {
  return Math.min(first * 2 ** (tries - 1), maxRetryDelayMs) * (0.75 + random / 2);
}
