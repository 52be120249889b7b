/**
 * Decides which runs are due now, given what was decided before. No clock and no I/O, so that every clock jump can be tested.
 *
 * Each due time is decided exactly once: a call decides all between the mark and now, and moves the mark, so a late or missing
 * beat loses nothing. Due times that are too old to be on time fall under the job's catchup policy. When the clock is set back by
 * up to three hours, jobs by the clock run again for the repeated minutes, and jobs for fixed times do not; a larger jump is
 * a new start. Cron does the same.
 */

import type { Mark } from '../ledger/records.ts';
import { intervalOfDue } from './due/data-interval.ts';
import { beforeLast, countDue, dueTimes, previousDue, type Span } from './due/due.ts';
import type { Job } from './jobs/job.ts';

const MINUTE = 60_000;
/** When the clock is set back by more than this, it was wrong before. */
const NEW_START = 180 * MINUTE;
/** Most runs made up for one gap of a job: a clock that was wrong by decades leaves millions of due times. */
const MOST_MADE_UP = 200_000;

/** A run to be written down. */
export interface Decision {
  readonly job: Job;
  readonly trigger: 'schedule' | 'catchup';
  readonly scheduled: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  /** Number of due times that it stands for. */
  readonly count: number;
  /** Whether it only records that nothing ran. */
  readonly isMissed: boolean;
}

export interface Moment {
  readonly now: number;
  /** How long after its due time a run still counts as on time. */
  readonly onTimeMs: number;
}

/** The mark of a schedule that starts now. */
export function firstMark(now: number): Mark {
  return { decided: now, horizon: now };
}

/** The runs that these jobs are due to have by this moment, in the order of their due times, and the next mark. */
export function decide(
  jobs: Iterable<Job>,
  mark: Mark,
  moment: Moment,
): { readonly mark: Mark; readonly decisions: Decision[] } {
  const { now } = moment;
  const setBack = mark.decided - now;
  // A correction by seconds does not repeat a minute.
  if (setBack > 0 && setBack <= MINUTE) return { mark, decisions: [] };
  const { decided, horizon } = setBack > NEW_START ? firstMark(now) : mark;
  const decisions: Decision[] = [];
  for (const job of jobs) {
    const from = Math.min(isByClock(job) ? decided : Math.max(decided, horizon), now);
    if (from < now) for (const one of decisionsFor(job, from, moment)) decisions.push(one);
  }
  decisions.sort((one, other) => one.scheduled - other.scheduled);
  return { mark: { decided: now, horizon: Math.max(horizon, now) }, decisions };
}

function isByClock({ when }: Job): boolean {
  return when.kind === 'minutes' ? when.fields.byClock : true;
}

function* decisionsFor(job: Job, from: number, { now, onTimeMs }: Moment): Generator<Decision> {
  const late = Math.max(from, now - onTimeMs - 1);
  if (late > from) yield* caughtUp(job, from, late, now);
  yield* each(job, 'schedule', { from: late, to: now });
}

/** What the catchup policy makes of the due times in (from, to]. */
function* caughtUp(job: Job, from: number, to: number, now: number): Generator<Decision> {
  const { mode, windowMs } = job.policies.catchUp;
  const oldest = mode === 'none' ? to : Math.min(to, Math.max(from, now - windowMs - 1));
  if (mode !== 'last') {
    const first = beforeLast(job.when, { from: oldest, to }, MOST_MADE_UP);
    const gone = merged(job, from, first);
    if (gone !== undefined) yield { ...gone, isMissed: true };
    yield* each(job, 'catchup', { from: first, to });
    return;
  }
  const gone = merged(job, from, oldest);
  // The run covers the whole gap, including what is older than the window.
  const made = merged(job, oldest, to);
  if (made !== undefined)
    yield {
      ...made,
      count: made.count + (gone?.count ?? 0),
      dataStart: gone?.dataStart ?? made.dataStart,
    };
  else if (gone !== undefined) yield { ...gone, isMissed: true };
}

/** A decision for each due time in a span. */
function* each(job: Job, trigger: Decision['trigger'], span: Span): Generator<Decision> {
  let before: number | undefined;
  for (const scheduled of dueTimes(job.when, span)) {
    yield decision(job, trigger, scheduled, before);
    before = scheduled;
  }
}

/** One decision for all due times in (from, to]; undefined for none. */
function merged(job: Job, from: number, to: number): Decision | undefined {
  const count = countDue(job.when, { from, to });
  if (count === 0) return undefined;
  const last = previousDue(job.when, to + 1);
  const [first] = dueTimes(job.when, { from, to });
  if (last === undefined || first === undefined) return undefined;
  return { ...decision(job, 'catchup', last), count, dataStart: decision(job, 'catchup', first).dataStart };
}

/** @param before the previous due time, if known */
function decision(job: Job, trigger: Decision['trigger'], scheduled: number, before?: number): Decision {
  const dataStart = before ?? intervalOfDue(job.when, scheduled).dataStart;
  return { job, trigger, scheduled, dataStart, dataEnd: scheduled, count: 1, isMissed: false };
}
