/**
 * Anomalies in the recent runs of a job: runs that succeed but do nothing, start late, or take too long. Computed on
 * display, never stored.
 */

import { showDuration } from '../readings/duration.ts';
import { formatTime } from '../readings/time.ts';
import type { JobHistory } from './history.ts';
import type { Run } from './records.ts';
import { showTook } from './show-runs.ts';

/** With fewer runs, nothing is known about what is usual. */
const FEWEST = 5;
/** A run is too fast when it takes less than the median divided by this. */
const TOO_FAST = 10;
/** Jobs with a shorter median vary that much anyway. */
const USUAL_LEAST_MS = 1000;
/** A start with a longer delay is late. */
const LATE_MS = 5000;
/** A due time without a run counts as missed after this time. */
const MISSING_MS = 60_000;

export interface Moment {
  readonly now: number;
  /** The job's next due time after `after`; undefined for none. */
  nextDue(after: number): number | undefined;
}

/** The anomalies in words; empty for a healthy job. */
export function noticesOf(history: JobHistory, moment: Moment): string[] {
  const { paused } = history.job;
  const all = [
    paused === undefined ? didNotRun(history, moment) : `paused since ${formatTime(paused)}`,
    tooFast(history),
    nothingDone(history),
    alwaysLate(history),
    longerThanPeriod(history, moment.now),
  ];
  return all.filter((notice) => notice !== undefined);
}

/** The median, the lower of the two middle ones; undefined for none. */
export function medianOf(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1];
}

function didNotRun({ recent }: JobHistory, { now, nextDue }: Moment): string | undefined {
  // Not by trigger: a scheduled run that a person retried has the trigger `retry`.
  const last = recent.findLast(({ repeat }) => repeat !== undefined);
  if (last === undefined) return undefined;
  if (last.reason === 'missed')
    return `did not run ${last.count > 1 ? `${last.count} times, last ` : ''}at ${formatTime(last.scheduled)}`;
  const due = nextDue(last.scheduled);
  return due !== undefined && due < now - MISSING_MS ? `did not run at ${formatTime(due)}` : undefined;
}

function tooFast({ job, recent, durations }: JobHistory): string | undefined {
  const last = recent.findLast(({ state }) => state === 'success');
  const took = durations.at(-1);
  if (last === undefined || took === undefined) return undefined;
  const least = numberIn(job.policies, 'minTimeMs');
  if (took < least) return `ran too fast: ${showTook(took)}, and min-time is ${showDuration(least)}`;
  const before = durations.slice(0, -1);
  const usual = before.length < FEWEST ? undefined : medianOf(before);
  return usual !== undefined && usual >= USUAL_LEAST_MS && took < usual / TOO_FAST
    ? `ran too fast: ${showTook(took)}, usually ${showTook(usual)}`
    : undefined;
}

function nothingDone({ job, recent }: JobHistory): string | undefined {
  const rows = recent.findLast(({ state }) => state === 'success')?.rows;
  // A tool that only stores its input has no output.
  const count = rows?.out ?? rows?.in;
  const least = numberIn(job.policies, 'expectRows');
  if (count === undefined || count >= least) return undefined;
  return count === 0
    ? 'processed nothing'
    : `processed ${count} ${count === 1 ? 'row' : 'rows'}, and expect-rows is ${least}`;
}

function alwaysLate({ recent }: JobHistory): string | undefined {
  const delays = recent.filter(isOnTime).map(({ start = 0, scheduled }) => start - scheduled);
  const least = Math.min(...delays);
  return delays.length >= FEWEST && least > LATE_MS
    ? `always late: by ${showTook(least)} or more`
    : undefined;
}

/** Whether it was meant to start at its due time, and did start. */
function isOnTime({ trigger, start }: Run): boolean {
  return trigger === 'schedule' && start !== undefined;
}

function longerThanPeriod({ recent }: JobHistory, now: number): string | undefined {
  const last = recent.findLast(({ start, trigger }) => start !== undefined && trigger === 'schedule');
  if (last?.start === undefined) return undefined;
  const period = last.dataEnd - last.dataStart;
  const took = (last.state === 'running' ? now : (last.end ?? now)) - last.start;
  return period > 0 && took > period
    ? `takes longer than its period: ${showTook(took)} of ${showDuration(period)}`
    : undefined;
}

/** Infinity is null in JSON. */
function numberIn(policies: object, name: string): number {
  const value: unknown = Object.entries(policies).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : 0;
}
