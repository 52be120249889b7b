/** Rate-limits warnings about lasting conditions, such as a full disk. */

import { elapsedMs } from '../async/clock.ts';

/** Minimum time between two warnings. */
const EVERY_MS = 60_000;

/** Passes on the first message, then at most one a minute. */
export function warnRarely(warn: (message: string) => void): (message: string) => void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  return (message) => {
    const now = elapsedMs();
    if (now - warnedAt < EVERY_MS) return;
    warnedAt = now;
    warn(message);
  };
}
