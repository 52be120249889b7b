/**
 * How time is cut into windows of one length, or of months, without gap or overlap: aligned to UTC, or to a wall clock.
 */

import { epochMs } from './epoch-ms.ts';
import type { OffsetAt } from './time-zone.ts';

/** A span of time. */
export interface Span {
  /** Inclusive, epoch milliseconds. */
  readonly start: number;
  /** Exclusive, epoch milliseconds. */
  readonly end: number;
}

/** Says which window an instant belongs to, given in epoch milliseconds. */
export type Windows = (time: number) => Span;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Windows of `length` milliseconds; multiples of it count from the epoch, in UTC or on the wall clock of a zone. */
export function windowsOf(length: number, zone: OffsetAt | undefined): Windows {
  if (zone === undefined) return remembered((time) => aligned(time, length));
  return remembered(length <= HOUR ? clockWindows(length, zone) : calendarWindows(length, zone));
}

function aligned(time: number, length: number): Span {
  const start = Math.floor(time / length) * length;
  return { start, end: start + length };
}

/** Readings mostly come in order, so the next one is mostly in the same window. */
function remembered(windows: Windows): Windows {
  let last: Span = { start: 0, end: 0 };
  return (time) => {
    if (time < last.start || time >= last.end) last = windows(time);
    return last;
  };
}

/**
 * Up to an hour a window keeps its length: when clocks go back, the hour that comes twice is two windows. A change of
 * the clock that is not a multiple of the length cuts a window short.
 */
function clockWindows(length: number, zone: OffsetAt): Windows {
  return (time) => {
    const offset = zone(time);
    const local = aligned(time + offset, length);
    const start = local.start - offset;
    const end = local.end - offset;
    return {
      start: zone(start) === offset ? start : changeBetween(start, time, zone),
      end: zone(end - 1) === offset ? end : changeBetween(time, end, zone),
    };
  };
}

/** Beyond an hour a window stretches and shrinks with the clock: a day has 23, 24 or 25 hours. */
function calendarWindows(length: number, zone: OffsetAt): Windows {
  const startOf = (window: number) => instantOf(window * length, zone);
  return (time) => spanOf(time, Math.floor((time + zone(time)) / length), startOf);
}

/** Windows of so many months, of which a year has a whole number: in UTC, or on the wall clock of a zone. */
export function monthWindows(months: number, zone: OffsetAt = () => 0): Windows {
  const startOf = (window: number) => instantOf(epochMs(0, window * months), zone);
  return remembered((time) => {
    const date = new Date(time + zone(time));
    const month = 12 * date.getUTCFullYear() + date.getUTCMonth();
    return spanOf(time, Math.floor(month / months), startOf);
  });
}

/** The span of a window by its number, or of the one after it, in which this time is. */
function spanOf(time: number, first: number, startOf: (window: number) => number): Span {
  let window = first;
  let end = startOf(window + 1);
  // Between the two passes of an hour that comes twice, a window can begin: the second pass is after that.
  while (time >= end) {
    window += 1;
    end = startOf(window + 1);
  }
  return { start: startOf(window), end };
}

/** When the wall clock shows `local`: the first time of two; the moment of the change for a time that it skips. */
export function instantOf(local: number, zone: OffsetAt): number {
  const before = zone(local - DAY);
  const after = zone(local + DAY);
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  for (const instant of [early, late]) if (instant + zone(instant) === local) return instant;
  return changeBetween(early, late, zone);
}

/** The first instant after `low`, up to `high`, at which the clock differs from the one at `low`. */
export function changeBetween(low: number, high: number, zone: OffsetAt): number {
  const before = zone(low);
  let [same, different] = [low, high];
  while (different - same > 1) {
    const middle = Math.floor((same + different) / 2);
    if (zone(middle) === before) same = middle;
    else different = middle;
  }
  return different;
}
