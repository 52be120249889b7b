/**
 * The beat of a schedule: that of the minute is node-cron's, with a guard of our own, since node-cron alone is silent for an
 * hour when the clock is set back by one, and leaves out minutes in which the process was held up.
 */

import { schedule } from 'node-cron';

/** How often it is looked whether the beat was lost. */
const GUARD_MS = 1000;
const MINUTE = 60_000;

interface Beat {
  /** Called at the start of each minute, at each `next`, and within a second when the clock was changed; more often, too. */
  onBeat(): void;
  /** Called each second, or more often. */
  onGuard(): void;
  /** Whether the last beat could not do its work, and is to be made again. */
  isBehind(): boolean;
  /** When something is due that is not due at the start of a minute; Infinity for never. Epoch milliseconds. */
  next(): number;
  now(): number;
}

/** Starts it. @returns what ends it */
export function startBeat({ onBeat, onGuard, isBehind, next, now }: Beat): () => void {
  let minute = minuteOf(now());
  let expected = next();
  let timer: NodeJS.Timeout;
  const beat = () => {
    minute = minuteOf(now());
    expected = next();
    onBeat();
  };
  const task = schedule('* * * * *', beat, {
    timezone: 'UTC',
    missedExecutionTolerance: 59_000,
    suppressMissedWarning: true,
  });
  const look = () => {
    onGuard();
    if (minuteOf(now()) !== minute || now() >= expected || isBehind()) beat();
    expected = next();
    timer = setTimeout(look, Math.max(1, Math.min(GUARD_MS, expected - now())));
  };
  look();
  return () => {
    clearTimeout(timer);
    void task.destroy();
  };
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE);
}
