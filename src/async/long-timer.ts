/** A timer of any length: those of the system end after 24 days. */

import { LONGEST_TIMER_MS } from './time-limit.ts';

/** Calls once after this time, never after Infinity. @returns what takes the call back */
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
