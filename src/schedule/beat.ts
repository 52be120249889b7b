/**
 * The minute's beat: node-cron's, with a guard of our own, since node-cron alone is silent for an hour when the clock is set
 * back by one, and leaves out minutes in which the process was held up.
 */

import { schedule } from 'node-cron';

/** How often it is looked whether the beat was lost. */
const GUARD_MS = 1000;
const MINUTE = 60_000;

interface Beat {
  /** Called at the start of each minute, and within a second when the clock was changed. More often does no harm. */
  onBeat(): void;
  /** Called each second. */
  onGuard(): void;
  now(): number;
}

/** Starts it. @returns what ends it */
export function startBeat({ onBeat, onGuard, now }: Beat): () => void {
  let minute = minuteOf(now());
  const beat = () => {
    minute = minuteOf(now());
    onBeat();
  };
  const task = schedule('* * * * *', beat, {
    timezone: 'UTC',
    missedExecutionTolerance: 59_000,
    suppressMissedWarning: true,
  });
  const guard = setInterval(() => {
    onGuard();
    if (minuteOf(now()) !== minute) beat();
  }, GUARD_MS);
  return () => {
    clearInterval(guard);
    void task.destroy();
  };
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE);
}
