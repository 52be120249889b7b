/** Jobs as JSON for the page. */

import type { JobHistory } from '../../ledger/history.ts';
import { medianOf, noticesOf } from '../../ledger/notices.ts';
import type { KnownJob } from '../../ledger/records.ts';
import { formatTime } from '../../readings/time.ts';
import type { JobJson } from '../page/runs/runs-json.ts';
import { timeJson } from './run-json.ts';

/** Maximum number of recent runs per job. */
const RECENT = 25;

/** When jobs are due, from the code of `schedule`. */
export interface DueTimes {
  /** The first due time after this one; undefined for none. */
  nextDueOf(job: KnownJob, after: number): number | undefined;
  /** `every day at 04:00`. */
  inWords(job: KnownJob): string;
}

/** The first time that a job is due after this one; undefined for none. */
export type NextDue = (after: number) => number | undefined;

type Timely = Pick<JobJson, 'next' | 'notices'>;

/** The members that stay the same until the job runs again, or is edited. @param words its schedule in words */
export function settledJson(
  { job, recent, durations }: JobHistory,
  words: string,
): Omit<JobJson, keyof Timely> {
  const { about } = job;
  const median = medianOf(durations);
  return {
    name: job.name,
    kind: about === undefined ? 'line' : 'graph',
    schedule: job.schedule,
    words,
    command: job.command,
    place: job.place,
    owner: about?.owner ?? null,
    description: about?.description ?? null,
    tags: about?.tags ?? [],
    env: about?.env ?? {},
    paused: timeJson(job.paused),
    gone: timeJson(job.gone),
    recent: recent.slice(-RECENT).map(({ run, state, reason, scheduled, start, end }) => ({
      ...{ run, state, reason: reason ?? null, scheduled: formatTime(scheduled) },
      ...{ start: timeJson(start), end: timeJson(end) },
    })),
    median: median === undefined ? null : median / 1000,
  };
}

/** The members that change as time passes. @param isLive whether a schedule is running */
export function timelyJson(
  history: JobHistory,
  { now, isLive }: { readonly now: number; readonly isLive: boolean },
  nextDue: NextDue,
): Timely {
  const { paused, gone } = history.job;
  // Without a schedule nothing runs: that is reported once, not for each job.
  const moment = { now, nextDue: isLive ? nextDue : () => undefined };
  return {
    next: paused === undefined && gone === undefined ? timeJson(nextDue(now)) : null,
    notices: gone === undefined ? noticesOf(history, moment) : [],
  };
}

/** Caches the due time until it has passed, since computing it takes long for all jobs together. */
export function rememberedDue(nextDue: NextDue): NextDue {
  let last: { readonly after: number; readonly time: number | undefined } | undefined;
  return (after) => {
    if (last === undefined || after < last.after || after >= (last.time ?? Number.POSITIVE_INFINITY))
      last = { after, time: nextDue(after) };
    return last.time;
  };
}
