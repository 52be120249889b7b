/**
 * The beat of a schedule: a tick each minute from node-cron, guarded by a timer of our own. node-cron alone falls silent for an
 * hour when the clock is set back by one, and skips minutes in which the process was blocked.
 */

import { schedule } from 'node-cron';

/** How often to check for a missed beat. */
const GUARD_MS = 1000;
const MINUTE = 60_000;

interface Beat {
  /** Called at the start of each minute, at each `next`, and within a second of a clock change; extra calls are harmless. */
  onBeat(): void;
  /** Called at least once a second. */
  onGuard(): void;
  /** Whether the last beat failed and must be repeated. */
  isBehind(): boolean;
  /** Epoch milliseconds of the next due time that is not on the minute; Infinity for none. */
  next(): number;
  now(): number;
}

/** Starts the beat. @returns a function that stops it */
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
