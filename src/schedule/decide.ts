/**
 * Decides which runs are due now, given what was decided before. Pure, so that every clock jump can be tested.
 *
 * Each due time is decided exactly once: a call decides everything between the mark and now and advances the mark, so a late or
 * missed beat loses nothing. Due times too old to count as on time (misfires) fall under the job's catchup policy. As in cron, when
 * the clock is set back by up to three hours, wildcard jobs run again for the repeated minutes and fixed-time jobs do not; a
 * larger jump counts as a fresh start.
 */

import type { Mark } from '../ledger/records.ts';
import { intervalOfDue } from './due/data-interval.ts';
import { beforeLast, countDue, dueTimes, previousDue, type Span } from './due/due.ts';
import type { Job } from './jobs/job.ts';

const MINUTE = 60_000;
/** A clock set back by more than this was wrong before. */
const NEW_START = 180 * MINUTE;
/** Maximum catch-up runs for one gap of a job: a clock that was wrong by decades leaves millions of due times. */
const MAX_MADE_UP = 200_000;

/** A run to record in the ledger. */
export interface Decision {
  readonly job: Job;
  readonly trigger: 'schedule' | 'catchup';
  readonly scheduled: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  /** Number of due times it covers. */
  readonly count: number;
  /** Whether nothing runs: it only records the misfire. */
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

/** The runs of these jobs due between the mark and this moment, ordered by due time, and the next mark. */
export function decide(
  jobs: Iterable<Job>,
  mark: Mark,
  moment: Moment,
): { readonly mark: Mark; readonly decisions: Decision[] } {
  const { now } = moment;
  const setBack = mark.decided - now;
  // A small correction, such as NTP makes, repeats no minute.
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

/** Applies the catchup policy to the due times in (from, to]. */
function* caughtUp(job: Job, from: number, to: number, now: number): Generator<Decision> {
  const { mode, windowMs } = job.policies.catchUp;
  const oldest = mode === 'none' ? to : Math.min(to, Math.max(from, now - windowMs - 1));
  if (mode !== 'last') {
    const first = beforeLast(job.when, { from: oldest, to }, MAX_MADE_UP);
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

/** One decision for each due time in a span. */
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
