/** The time axis: round times of the local clock, from milliseconds to years, with the date where it changes. */

import type { OffsetAt } from '../stats/time-zone.ts';

interface TimeTick {
  /** In epoch ms. */
  readonly at: number;
  /** A time of day, a day, a month or a year. */
  readonly label: string;
  /** What the label leaves out: the date of a time of day, the year of a day; empty for a month or a year. */
  readonly date: string;
}

/** The distance between ticks. */
type Step = { readonly ms: number } | { readonly months: number };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.4 * DAY;
/** Weeks begin on Monday; the epoch was a Thursday. */
const MONDAY = 4 * DAY;

/** Round durations from a second to a week, in ms, ascending. */
export const roundLengths: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7].map((count) => count * DAY),
];

const steps: readonly Step[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, ...roundLengths, 14 * DAY].map((ms) => ({ ms })),
  ...[1, 2, 3, 6].map((months) => ({ months })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((years) => ({ months: 12 * years })),
];

/** The slices of `2026-11-21T10:04:05.678` for the label and for the date. */
function format(step: Step): { readonly label: [number, number]; readonly date: [number, number] } {
  if ('months' in step) return { label: step.months < 12 ? [0, 7] : [0, 4], date: [0, 0] };
  if (step.ms >= DAY) return { label: [5, 10], date: [0, 4] };
  const end = step.ms >= MINUTE ? 16 : step.ms >= SECOND ? 19 : 23;
  return { label: [11, end], date: [0, 10] };
}

/**
 * The ticks from `from` to `to`, as many as their labels leave room for.
 *
 * @param room the width of the axis in characters, including the spaces between labels
 */
export function timeTicks(from: number, to: number, room: number, offsetAt: OffsetAt): TimeTick[] {
  const step = steps.find((each) => isRoomy(each, to - from, room)) ?? { months: 120_000 };
  const { label, date } = format(step);
  return wallTimes(from, to, step, offsetAt).map(({ at, local }) => {
    const text = new Date(local).toISOString();
    return { at, label: text.slice(...label), date: text.slice(...date) };
  });
}

/** The ticks where the date changes, including the first. */
export function datesOf(ticks: readonly TimeTick[]): TimeTick[] {
  return ticks.filter(({ date }, at) => date !== '' && date !== ticks[at - 1]?.date);
}

function isRoomy(step: Step, span: number, room: number): boolean {
  const [begin, end] = format(step).label;
  const length = 'months' in step ? step.months * MONTH : step.ms;
  return (span / length) * (end - begin + 3) <= room;
}

function wallTimes(from: number, to: number, step: Step, offsetAt: OffsetAt) {
  const times: { readonly at: number; readonly local: number }[] = [];
  const [first, last] = [from + offsetAt(from), to + offsetAt(to)];
  // The clock may be set back within the range, which then shows local times later than the one at its end.
  const back = Math.abs(offsetAt(from) - offsetAt(to));
  for (let local = firstLocal(first - back, step); local <= last + back; local = next(local, step)) {
    const at = instantOf(local, offsetAt);
    if (at !== undefined && at >= from && at <= to) times.push({ at, local });
  }
  return times;
}

/** The last round time at or before this one. */
function firstLocal(local: number, step: Step): number {
  if ('months' in step) {
    const day = new Date(local);
    const months = day.getUTCFullYear() * 12 + day.getUTCMonth();
    return startOfMonth(Math.floor(months / step.months) * step.months);
  }
  const origin = step.ms % (7 * DAY) === 0 ? MONDAY : 0;
  return Math.floor((local - origin) / step.ms) * step.ms + origin;
}

function next(local: number, step: Step): number {
  if ('ms' in step) return local + step.ms;
  const day = new Date(local);
  return startOfMonth(day.getUTCFullYear() * 12 + day.getUTCMonth() + step.months);
}

/** @param months since the year 0 */
function startOfMonth(months: number): number {
  // Not Date.UTC, which maps the years 0 to 99 to 1900 to 1999.
  return new Date(0).setUTCFullYear(Math.floor(months / 12), ((months % 12) + 12) % 12, 1);
}

/** The instant at which the local clock shows this; undefined if it never does, as in spring. */
function instantOf(local: number, offsetAt: OffsetAt): number | undefined {
  const guess = local - offsetAt(local);
  const at = local - offsetAt(guess);
  return at + offsetAt(at) === local ? at : undefined;
}
