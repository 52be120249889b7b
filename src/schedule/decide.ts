/**
 * Which runs a moment makes, from what was decided before: no clock and no I/O, so that every jump of a clock can be tested.
 *
 * A due time is decided exactly once: each call decides those after the mark, up to now, and moves the mark. So a beat that
 * comes late or not at all loses nothing. What is due but too old to be on time falls under the job's policy for catching
 * up. When the clock was set back by up to three hours, jobs by the clock run again for the minutes that come again, and
 * jobs for fixed times do not; a greater jump is a new start. That is what cron does.
 */

import type { Mark } from '../ledger/records.ts';
import { intervalOfDue } from './data-interval.ts';
import { beforeLast, countDue, dueTimes, previousDue, type Span } from './due.ts';
import type { Job } from './job.ts';

const MINUTE = 60_000;
/** Set back further, the clock was wrong before. */
const NEW_START = 180 * MINUTE;
/** Of one job and gap, the most runs that are made up: a clock that was wrong by decades leaves millions of due times. */
const MOST_MADE_UP = 200_000;

/** A run that is to be. */
export interface Decision {
  readonly job: Job;
  readonly trigger: 'schedule' | 'catchup';
  readonly scheduled: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  /** How many due times it stands for. */
  readonly count: number;
  /** Whether it is only written down that it did not run. */
  readonly isMissed: boolean;
}

export interface Moment {
  readonly now: number;
  /** What is due is on time for this long. */
  readonly onTimeMs: number;
}

/** The mark of a schedule that knows nothing before `now`. */
export function firstMark(now: number): Mark {
  return { decided: now, horizon: now };
}

/** What the moment makes of these jobs, by due time, and the next mark. */
export function decide(
  jobs: Iterable<Job>,
  mark: Mark,
  moment: Moment,
): { readonly mark: Mark; readonly decisions: Decision[] } {
  const { now } = moment;
  const setBack = mark.decided - now;
  // A clock that is put right by seconds makes no minute come again.
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

/** What becomes of the due times of a gap, in (from, to]. */
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
  // The run works on all that the gap has left undone, what is older than the window included.
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

/** One decision for all due times in (from, to]; undefined when there are none. */
function merged(job: Job, from: number, to: number): Decision | undefined {
  const count = countDue(job.when, { from, to });
  if (count === 0) return undefined;
  const last = previousDue(job.when, to + 1);
  const [first] = dueTimes(job.when, { from, to });
  if (last === undefined || first === undefined) return undefined;
  return { ...decision(job, 'catchup', last), count, dataStart: decision(job, 'catchup', first).dataStart };
}

/** @param before the due time before it, where that is known */
function decision(job: Job, trigger: Decision['trigger'], scheduled: number, before?: number): Decision {
  const dataStart = before ?? intervalOfDue(job.when, scheduled).dataStart;
  return { job, trigger, scheduled, dataStart, dataEnd: scheduled, count: 1, isMissed: false };
}
