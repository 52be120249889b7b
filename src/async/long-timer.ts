/** A timer of any length: setTimeout is limited to 24 days. */

import { LONGEST_TIMER_MS } from './time-limit.ts';

/** Calls `work` once after `ms`; never, for Infinity. @returns a function that cancels it */
export function callAfter(ms: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (left: number): void => {
    timer =
      left > LONGEST_TIMER_MS
        ? setTimeout(() => wait(left - LONGEST_TIMER_MS), LONGEST_TIMER_MS)
        : setTimeout(work, left);
  };
  if (ms !== Number.POSITIVE_INFINITY) wait(ms);
  return () => clearTimeout(timer);
}
