/**
 * The minutes at which a crontab line is due, by the rules of Debian's cron. Pure.
 *
 *   - A wildcard job (`byClock`) runs whenever the wall clock shows one of its minutes: twice in a DST fold, never in a DST gap.
 *   - A fixed-time job runs once for each of its times: in a fold at the first occurrence; all times within a gap run once,
 *     together, in the first minute after it.
 *   - A change of more than three hours is no DST change: nothing is made up and nothing is skipped.
 */

import { DAY, type Piece, type WallClock } from './wall-clock.ts';
import type { CronFields } from './when.ts';

/** In minutes; a larger clock change is not daylight saving. */
export const MAX_CHANGE = 180;
/** Days in 400 years, after which the Gregorian calendar repeats. */
export const CALENDAR_CYCLE = 146_097;
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Minutes since 1970, from `first` inclusive to `end` exclusive. */
export interface Minutes {
  readonly first: number;
  readonly end: number;
}

/** Whether these fields match no day of any year, such as the 31st of April. */
export function isNever(fields: CronFields): boolean {
  if (!fields.bothDays) return false;
  return !fields.months.some((month) =>
    fields.daysOfMonth.some((day) => day <= (LONGEST_MONTHS[month - 1] ?? 0)),
  );
}

/** Splits minutes by UTC day. */
export function* daysOf({
  first,
  end,
}: Minutes): Generator<{ readonly day: number; readonly minutes: Minutes }> {
  for (let day = Math.floor(first / DAY); day * DAY < end; day += 1)
    yield { day, minutes: { first: Math.max(first, day * DAY), end: Math.min(end, (day + 1) * DAY) } };
}

/** The due ones among minutes of one UTC day, ascending. */
export function dueOn(fields: CronFields, clock: WallClock, day: number, minutes: Minutes): number[] {
  // Most days of a rare job end here, without a look at the zone: no zone is a whole day from UTC.
  if (!isDay(fields, day - 1) && !isDay(fields, day) && !isDay(fields, day + 1)) return [];
  const due: number[] = [];
  if (fields.byClock) {
    for (const piece of clock.piecesOf(day)) addShown(due, fields, piece, minutes);
    return due;
  }
  // A fold that began the day before may still be repeating times.
  const pieces = [...clock.piecesOf(day - 1), ...clock.piecesOf(day)];
  let shown = Number.NaN;
  for (const piece of pieces) {
    const wall = piece.start + piece.shift;
    const change = wall - shown;
    if (Number.isNaN(shown) || Math.abs(change) > MAX_CHANGE) shown = wall;
    const isMadeUp = change > 0 && shown < wall && anyShown(fields, { first: shown, end: wall });
    if (isMadeUp && isIn(minutes, piece.start)) due.push(piece.start);
    const first = Math.max(wall, shown) - piece.shift;
    const start = isMadeUp ? Math.max(first, piece.start + 1) : first;
    addShown(due, fields, { ...piece, start }, minutes);
    shown = Math.max(shown, piece.end + piece.shift);
  }
  return due;
}

/** A key, equal for UTC days with the same due minutes; undefined if clocks change on that day or the day before. */
export function kindOfDay(fields: CronFields, clock: WallClock, day: number): string | undefined {
  const [piece, ...others] = [...clock.piecesOf(day), ...clock.piecesOf(day - 1)];
  if (piece === undefined || others.length > 1 || others[0]?.shift !== piece.shift) return undefined;
  return [piece.shift, isDay(fields, day - 1), isDay(fields, day), isDay(fields, day + 1)].join(' ');
}

function isIn({ first, end }: Minutes, minute: number): boolean {
  return first <= minute && minute < end;
}

/** Adds the minutes of a piece at which the wall clock matches the fields. */
function addShown(due: number[], fields: CronFields, { start, end, shift }: Piece, minutes: Minutes): void {
  const first = Math.max(start, minutes.first) + shift;
  const last = Math.min(end, minutes.end) + shift;
  for (const wall of shownIn(fields, { first, end: last })) due.push(wall - shift);
}

function anyShown(fields: CronFields, minutes: Minutes): boolean {
  return !shownIn(fields, minutes).next().done;
}

/** The wall-clock minutes among these that match the fields. */
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

/** Whether the fields match this day since 1970. */
function isDay(fields: CronFields, day: number): boolean {
  const { month, dayOfMonth } = dateOf(day);
  if (!fields.months.includes(month)) return false;
  const isDayOfMonth = fields.daysOfMonth.includes(dayOfMonth);
  // 1 January 1970 was a Thursday.
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
