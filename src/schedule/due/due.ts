/**
 * When a job is due: a pure function of its fields, its zone and a span of time.
 *
 * Times are epoch milliseconds. A span excludes `from` and includes `to`.
 */

import { CALENDAR_CYCLE, daysOf, dueOn, isNever, kindOfDay, type Minutes } from './due-minutes.ts';
import { DAY, type WallClock, wallClock } from './wall-clock.ts';
import type { CronFields, When } from './when.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;
/** Days that a Date can be from 1970, in either direction, less a margin for zones. */
const LAST_DAY = 99_999_998;

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

/** The number of due times in a span. */
export function countDue(when: When, span: Span): number {
  const { from, to } = begun(when, span);
  if (when.kind === 'interval')
    return Math.max(0, Math.floor(to / when.everyMs) - Math.floor(from / when.everyMs));
  return when.kind === 'minutes' ? countMinutes(when, minutesOf({ from, to })) : 0;
}

/** The earliest time, `from` or later, after which the span has at most `most` due times. */
export function beforeLast(when: When, span: Span, most: number): number {
  const { from, to } = begun(when, span);
  if (when.kind === 'interval') return Math.max(from, (Math.floor(to / when.everyMs) - most) * when.everyMs);
  if (when.kind !== 'minutes') return from;
  const clock = wallClock(when.zone);
  let left = most;
  for (const { day, minutes } of [...daysOf(minutesOf({ from, to }))].toReversed()) {
    const due = dueOn(when.fields, clock, day, minutes);
    const last = due.at(-left - 1);
    if (last !== undefined) return last * MINUTE_MS;
    left -= due.length;
  }
  return from;
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

/** Clips a span to the start date. */
function begun(when: When, { from, to }: Span): Span {
  return { from: Math.max(from, begins(when) - 1), to };
}

function minutesOf({ from, to }: Span): Minutes {
  return { first: Math.floor(from / MINUTE_MS) + 1, end: Math.floor(to / MINUTE_MS) + 1 };
}

function nextMultiple(step: number, after: number): number {
  return (Math.floor(after / step) + 1) * step;
}

function* dueMinutes(fields: CronFields, clock: WallClock, minutes: Minutes): Generator<number> {
  for (const { day, minutes: ofDay } of daysOf(minutes)) yield* dueOn(fields, clock, day, ofDay);
}

/** Computes each kind of whole day without a clock change only once, since a gap may last decades. */
function countMinutes({ fields, zone }: When & { kind: 'minutes' }, minutes: Minutes): number {
  const clock = wallClock(zone);
  const known = new Map<string, number>();
  let count = 0;
  for (const { day, minutes: ofDay } of daysOf(minutes)) {
    const kind = ofDay.end - ofDay.first === DAY ? kindOfDay(fields, clock, day) : undefined;
    const due = known.get(kind ?? '') ?? dueOn(fields, clock, day, ofDay).length;
    if (kind !== undefined) known.set(kind, due);
    count += due;
  }
  return count;
}
