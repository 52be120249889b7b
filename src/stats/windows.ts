/** Divides time into windows of a fixed length or of months, without gaps, aligned to UTC or to a wall clock. */

import { epochMs } from './epoch-ms.ts';
import type { OffsetAt } from './time-zone.ts';

/** A span of time. */
export interface Span {
  /** Inclusive, epoch milliseconds. */
  readonly start: number;
  /** Exclusive, epoch milliseconds. */
  readonly end: number;
}

/** The window of an instant, given in epoch milliseconds. */
export type Windows = (time: number) => Span;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Windows of `length` milliseconds, aligned to multiples of it since the epoch, in UTC or on a zone's wall clock. */
export function windowsOf(length: number, zone: OffsetAt | undefined): Windows {
  if (zone === undefined) return remembered((time) => aligned(time, length));
  return remembered(length <= HOUR ? clockWindows(length, zone) : calendarWindows(length, zone));
}

function aligned(time: number, length: number): Span {
  const start = Math.floor(time / length) * length;
  return { start, end: start + length };
}

/** Caches the last window: readings mostly come in order. */
function remembered(windows: Windows): Windows {
  let last: Span = { start: 0, end: 0 };
  return (time) => {
    if (time < last.start || time >= last.end) last = windows(time);
    return last;
  };
}

/**
 * Up to an hour, windows keep their length: when clocks go back, the repeated hour gives two windows. A clock change
 * that is not a multiple of the length truncates a window.
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

/** Beyond an hour, windows follow the clock: a day has 23, 24 or 25 hours. */
function calendarWindows(length: number, zone: OffsetAt): Windows {
  const startOf = (window: number) => instantOf(window * length, zone);
  return (time) => spanOf(time, Math.floor((time + zone(time)) / length), startOf);
}

/** Windows of whole months that divide a year, in UTC or on a zone's wall clock. */
export function monthWindows(months: number, zone: OffsetAt = () => 0): Windows {
  const startOf = (window: number) => instantOf(epochMs(0, window * months), zone);
  return remembered((time) => {
    const date = new Date(time + zone(time));
    const month = 12 * date.getUTCFullYear() + date.getUTCMonth();
    return spanOf(time, Math.floor(month / months), startOf);
  });
}

/** The span of the window that contains this time: number `first` or a later one. */
function spanOf(time: number, first: number, startOf: (window: number) => number): Span {
  let window = first;
  let end = startOf(window + 1);
  // A window can start between the two passes of a repeated hour: the second pass is then in the later window.
  while (time >= end) {
    window += 1;
    end = startOf(window + 1);
  }
  return { start: startOf(window), end };
}

/** When the wall clock shows `local`: the first of two instants; the moment of the change for a skipped time. */
export function instantOf(local: number, zone: OffsetAt): number {
  const before = zone(local - DAY);
  const after = zone(local + DAY);
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  for (const instant of [early, late]) if (instant + zone(instant) === local) return instant;
  return changeBetween(early, late, zone);
}

/** The first instant after `low`, up to `high`, with another offset than at `low`. */
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
