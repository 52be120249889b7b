/** Warnings of what may stay as it is for long: a full disk. */

import { elapsedMs } from '../async/clock.ts';

/** Between two of them. */
const EVERY_MS = 60_000;

/** Passes on the first message, and then one a minute at most. */
export function warnRarely(warn: (message: string) => void): (message: string) => void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  return (message) => {
    const now = elapsedMs();
    if (now - warnedAt < EVERY_MS) return;
    warnedAt = now;
    warn(message);
  };
}
