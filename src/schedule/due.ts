/**
 * When a job is due: a pure function of its fields, its zone and a span of time, with the rules of Debian's cron.
 *
 *   - A job by the clock runs whenever the wall clock shows one of its minutes: in both hours when clocks go back, and
 *     not at all for minutes that are left out when they go forward.
 *   - A job for fixed times runs once for each: the first time that the wall clock shows it. What falls into minutes that are left out
 *     runs once, in the first minute after them.
 *   - When clocks are changed by more than three hours, nothing is made up and nothing is left out.
 *
 * Times are epoch milliseconds. Spans leave out `from` and comprise `to`.
 */

import { DAY, type Piece, type WallClock, wallClock } from './wall-clock.ts';
import type { CronFields, When } from './when.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;
/** In minutes. A greater change of clocks is none of daylight saving. */
export const MOST_CHANGE = 180;
/** Days after which the calendar repeats itself: 400 years. */
const CALENDAR_CYCLE = 146_097;
/** The last day whose minutes have a Date, and the first one, less a margin for zones. */
const LAST_DAY = 99_999_998;
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The due times in a span, ascending, each once. */
export function* dueTimes(when: When, span: Span): Generator<number> {
  const { from, to } = begun(when, span);
  if (when.kind === 'interval') {
    for (let time = nextMultiple(when.everyMs, from); time <= to; time += when.everyMs) yield time;
  } else if (when.kind === 'minutes') {
    for (const minute of dueMinutes(when.fields, wallClock(when.zone), minutesOf({ from, to })))
      yield minute * MINUTE_MS;
  }
}

/** How many due times are in a span. */
export function countDue(when: When, span: Span): number {
  const { from, to } = begun(when, span);
  if (when.kind === 'interval')
    return Math.max(0, Math.floor(to / when.everyMs) - Math.floor(from / when.everyMs));
  let count = 0;
  for (const _ of dueTimes(when, { from, to })) count += 1;
  return count;
}

/** The first due time after this one; undefined when there is none. */
export function nextDue(when: When, time: number): number | undefined {
  const { from: after } = begun(when, { from: time, to: time });
  if (when.kind === 'interval') return nextMultiple(when.everyMs, after);
  if (when.kind !== 'minutes' || isNever(when.fields)) return undefined;
  const { first } = minutesOf({ from: after, to: after });
  const day = Math.floor(first / DAY);
  const last = Math.min(day + CALENDAR_CYCLE, LAST_DAY);
  const [minute] = dueMinutes(when.fields, wallClock(when.zone), { first, end: last * DAY });
  return minute === undefined ? undefined : minute * MINUTE_MS;
}

/** The last due time before this one; undefined when there is none. */
export function previousDue(when: When, before: number): number | undefined {
  const time = when.kind === 'interval' ? nextMultiple(when.everyMs, before - 1) - when.everyMs : undefined;
  const previous = when.kind === 'minutes' ? previousMinute(when, before) : time;
  return previous !== undefined && previous >= begins(when) ? previous : undefined;
}

function previousMinute(when: When & { kind: 'minutes' }, before: number): number | undefined {
  if (isNever(when.fields)) return undefined;
  const clock = wallClock(when.zone);
  const end = Math.ceil(before / MINUTE_MS);
  const from = Math.floor((end - 1) / DAY);
  for (let day = from; day > Math.max(from - CALENDAR_CYCLE, -LAST_DAY); day -= 1) {
    const minutes = { first: day * DAY, end: Math.min(end, (day + 1) * DAY) };
    const minute = dueOn(when.fields, clock, day, minutes).at(-1);
    if (minute !== undefined) return minute * MINUTE_MS;
  }
  return undefined;
}

function begins(when: When): number {
  return ('from' in when ? when.from : undefined) ?? Number.NEGATIVE_INFINITY;
}

/** What is left of a span from the time on before which nothing is due. */
function begun(when: When, { from, to }: Span): Span {
  return { from: Math.max(from, begins(when) - 1), to };
}

/** Whether no year has a day that these fields ask for, as with the 31st of April. */
export function isNever(fields: CronFields): boolean {
  if (!fields.bothDays) return false;
  return !fields.months.some((month) =>
    fields.daysOfMonth.some((day) => day <= (LONGEST_MONTHS[month - 1] ?? 0)),
  );
}

/** Minutes since 1970 from `first` up to but not at `end`. */
export interface Minutes {
  readonly first: number;
  readonly end: number;
}

function minutesOf({ from, to }: Span): Minutes {
  return { first: Math.floor(from / MINUTE_MS) + 1, end: Math.floor(to / MINUTE_MS) + 1 };
}

function nextMultiple(step: number, after: number): number {
  return (Math.floor(after / step) + 1) * step;
}

function* dueMinutes(fields: CronFields, clock: WallClock, { first, end }: Minutes): Generator<number> {
  for (let day = Math.floor(first / DAY); day * DAY < end; day += 1) {
    const minutes = { first: Math.max(first, day * DAY), end: Math.min(end, (day + 1) * DAY) };
    yield* dueOn(fields, clock, day, minutes);
  }
}

/** The due minutes of UTC among these, which are of one day of UTC. */
function dueOn(fields: CronFields, clock: WallClock, day: number, minutes: Minutes): number[] {
  // Most days of a rare job end here, without a look at the clock: no zone is a whole day from UTC.
  if (!isDay(fields, day - 1) && !isDay(fields, day) && !isDay(fields, day + 1)) return [];
  const due: number[] = [];
  if (fields.byClock) {
    for (const piece of clock.piecesOf(day)) addShown(due, fields, piece, minutes);
    return due;
  }
  // Clocks that were put back the day before may not yet show anything new.
  const pieces = [...clock.piecesOf(day - 1), ...clock.piecesOf(day)];
  let shown = Number.NaN;
  for (const piece of pieces) {
    const wall = piece.start + piece.shift;
    const change = wall - shown;
    if (Number.isNaN(shown) || Math.abs(change) > MOST_CHANGE) shown = wall;
    const isMadeUp = change > 0 && shown < wall && anyShown(fields, { first: shown, end: wall });
    if (isMadeUp && isIn(minutes, piece.start)) due.push(piece.start);
    const first = Math.max(wall, shown) - piece.shift;
    const start = isMadeUp ? Math.max(first, piece.start + 1) : first;
    addShown(due, fields, { ...piece, start }, minutes);
    shown = Math.max(shown, piece.end + piece.shift);
  }
  return due;
}

function isIn({ first, end }: Minutes, minute: number): boolean {
  return first <= minute && minute < end;
}

/** Adds the minutes of a piece at which the wall clock shows what the fields ask for. */
function addShown(due: number[], fields: CronFields, { start, end, shift }: Piece, minutes: Minutes): void {
  const first = Math.max(start, minutes.first) + shift;
  const last = Math.min(end, minutes.end) + shift;
  for (const wall of shownIn(fields, { first, end: last })) due.push(wall - shift);
}

function anyShown(fields: CronFields, minutes: Minutes): boolean {
  return !shownIn(fields, minutes).next().done;
}

/** The minutes of the wall clock among these that the fields ask for. */
export function* shownIn(fields: CronFields, { first, end }: Minutes): Generator<number> {
  for (let day = Math.floor(first / DAY); day * DAY < end; day += 1) {
    if (!isDay(fields, day)) continue;
    for (const hour of fields.hours) {
      const start = day * DAY + hour * 60;
      if (start + 60 <= first || start >= end) continue;
      for (const minute of fields.minutes) {
        if (start + minute >= first && start + minute < end) yield start + minute;
      }
    }
  }
}

/** Whether the fields ask for this day since 1970. */
function isDay(fields: CronFields, day: number): boolean {
  const { month, dayOfMonth } = dateOf(day);
  if (!fields.months.includes(month)) return false;
  const isDayOfMonth = fields.daysOfMonth.includes(dayOfMonth);
  // The first day was a Thursday.
  const isDayOfWeek = fields.daysOfWeek.includes((((day + 4) % 7) + 7) % 7);
  return fields.bothDays ? isDayOfMonth && isDayOfWeek : isDayOfMonth || isDayOfWeek;
}

/** The Gregorian date of a day since 1970: `civil_from_days` of Howard Hinnant's chrono-compatible algorithms. */
function dateOf(day: number): { month: number; dayOfMonth: number } {
  const fromMarch = day + 719_468;
  const dayOfEra = fromMarch - Math.floor(fromMarch / CALENDAR_CYCLE) * CALENDAR_CYCLE;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { month: monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9, dayOfMonth };
}
