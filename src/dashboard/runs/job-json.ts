/** Jobs as the page gets them. */

import type { JobHistory } from '../../ledger/history.ts';
import { medianOf, noticesOf } from '../../ledger/notices.ts';
import type { KnownJob } from '../../ledger/records.ts';
import { formatTime } from '../../readings/time.ts';
import type { JobJson } from '../page/runs/runs-json.ts';
import { timeJson } from './run-json.ts';

/** Of the last runs. */
const RECENT = 25;

/** What a schedule knows of when jobs are due. */
export interface DueTimes {
  /** The first time after this one; undefined for none. */
  nextDueOf(job: KnownJob, after: number): number | undefined;
  /** `every day at 04:00`. */
  inWords(job: KnownJob): string;
}

/** The first time that a job is due after this one; undefined for none. */
export type NextDue = (after: number) => number | undefined;

type Timely = Pick<JobJson, 'next' | 'notices'>;

/** What is told of a job until it runs again, or is another one. @param words its schedule in words */
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

/** What is told of a job that changes by itself as time passes. @param isLive whether a schedule lives */
export function timelyJson(
  history: JobHistory,
  { now, isLive }: { readonly now: number; readonly isLive: boolean },
  nextDue: NextDue,
): Timely {
  const { paused, gone } = history.job;
  // Without a schedule nothing runs: that is told once, and not of each job.
  const moment = { now, nextDue: isLive ? nextDue : () => undefined };
  return {
    next: paused === undefined && gone === undefined ? timeJson(nextDue(now)) : null,
    notices: gone === undefined ? noticesOf(history, moment) : [],
  };
}

/** Works out a due time only when the last one is not the answer, since that takes long for all jobs together. */
export function rememberedDue(nextDue: NextDue): NextDue {
  let last: { readonly after: number; readonly time: number | undefined } | undefined;
  return (after) => {
    if (last === undefined || after < last.after || after >= (last.time ?? Number.POSITIVE_INFINITY))
      last = { after, time: nextDue(after) };
    return last.time;
  };
}
