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

export function jobJson(history: JobHistory, now: number, due: DueTimes): JobJson {
  const { job, recent, durations } = history;
  const { about } = job;
  const nextDue = (after: number) => due.nextDueOf(job, after);
  const isDue = job.paused === undefined && job.gone === undefined;
  const median = medianOf(durations);
  return {
    name: job.name,
    kind: about === undefined ? 'line' : 'graph',
    schedule: job.schedule,
    words: due.inWords(job),
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
    next: isDue ? timeJson(nextDue(now)) : null,
    median: median === undefined ? null : median / 1000,
    notices: job.gone === undefined ? noticesOf(history, { now, nextDue }) : [],
  };
}
