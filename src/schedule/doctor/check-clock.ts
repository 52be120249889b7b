/** Checks for hours that are skipped or repeated by clock changes (DST), and for jobs that never run. */

import { isNever, MAX_CHANGE, shownIn } from '../due/due-minutes.ts';
import { DAY, wallClock } from '../due/wall-clock.ts';
import type { CronFields } from '../due/when.ts';
import type { Job } from '../jobs/job.ts';
import { aboutJob, type Warning } from './warning.ts';

const MINUTE_MS = 60_000;
const DAYS_OF_YEAR = 366;
const HOURS_OF_DAY = 24;
/** More times than this are shown as first and last. */
const MAX_SHOWN = 3;

/** A change of a zone's UTC offset from `before` to `after`, at `minute` in UTC. All in minutes. */
interface Change {
  readonly minute: number;
  readonly before: number;
  readonly after: number;
}

export function* checkNever(job: Job): Generator<Warning> {
  if (job.when.kind === 'minutes' && isNever(job.when.fields)) {
    yield aboutJob(job, 'never', 'it never runs: no month that it names has that day');
  }
}

/** Checks how the clock changes of the next year affect a job. */
export class ClockCheck {
  readonly #today: number;
  readonly #changes = new Map<string, readonly Change[]>();

  constructor(now: number) {
    this.#today = Math.floor(now / MINUTE_MS / DAY);
  }

  *check(job: Job): Generator<Warning> {
    if (job.when.kind !== 'minutes') return;
    const { fields } = job.when;
    const { zone } = wallClock(job.when.zone);
    // A job for every hour means every hour that exists.
    if (fields.byClock && fields.hours.length === HOURS_OF_DAY) return;
    for (const change of this.#changesOf(zone)) {
      const effect = effectOf(fields, change);
      if (effect !== undefined) yield aboutJob(job, 'clock', `${headline(change, zone)}: ${effect}`);
    }
  }

  #changesOf(zone: string): readonly Change[] {
    let changes = this.#changes.get(zone);
    if (changes === undefined) {
      changes = [...changesIn(zone, this.#today, this.#today + DAYS_OF_YEAR)];
      this.#changes.set(zone, changes);
    }
    return changes;
  }
}

function* changesIn(zone: string, firstDay: number, lastDay: number): Generator<Change> {
  const clock = wallClock(zone);
  let before: number | undefined;
  for (let day = firstDay; day < lastDay; day += 1) {
    for (const { start, shift } of clock.piecesOf(day)) {
      if (before !== undefined && before !== shift) yield { minute: start, before, after: shift };
      before = shift;
    }
  }
}

function effectOf(fields: CronFields, { minute, before, after }: Change): string | undefined {
  const [from, to] = [minute + before, minute + after];
  const times = [...shownIn(fields, { first: Math.min(from, to), end: Math.max(from, to) })];
  if (times.length === 0) return undefined;
  const isOne = times.length === 1;
  const isClock = fields.byClock || Math.abs(to - from) > MAX_CHANGE;
  if (to > from) {
    const what = isClock ? 'it does not run then' : `it runs once at ${clockOf(to)} instead`;
    return `${showTimes(times)} ${isOne ? 'does' : 'do'} not exist, and ${what}`;
  }
  const what = isClock ? 'it runs both times' : 'it runs the first time only';
  return `${showTimes(times)} ${isOne ? 'comes' : 'come'} twice, and ${what}`;
}

function headline({ minute, before, after }: Change, zone: string): string {
  const [from, to] = [minute + before, minute + after];
  const date = new Date(Math.min(from, to) * MINUTE_MS).toISOString().slice(0, 10);
  const way = to > from ? 'forward' : 'back';
  const isMidnight = to < from && from % DAY === 0;
  return `on ${date} clocks in ${zone} go ${way} from ${isMidnight ? '24:00' : clockOf(from)} to ${clockOf(to)}`;
}

function showTimes(times: readonly number[]): string {
  if (times.length <= MAX_SHOWN) return times.map(clockOf).join(', ');
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return `${clockOf(first)} to ${clockOf(last)} (${times.length} times)`;
}

function clockOf(minute: number): string {
  return new Date(minute * MINUTE_MS).toISOString().slice(11, 16);
}
