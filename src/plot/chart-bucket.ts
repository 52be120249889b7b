/** What stands at one place of a chart: a row, or some rows that follow each other, as one. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import type { Bucket } from '../stores/reader.ts';

export interface Stretch extends Bucket {
  /** The places of its first and its last row on the time axis: epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  /** As far as rows say so. */
  readonly missing: number;
}

export function stretchOf(row: StatsRow): Stretch {
  const end = parseTime(row.end) ?? 0;
  const start = parseTime(row.start) ?? end;
  const place = end - leadOf(row.window, start, end);
  return {
    first: place,
    last: place,
    start,
    end,
    rows: 1,
    count: row.count,
    min: Number(row.min),
    max: Number(row.max),
    avg: Number(row.avg),
    missing: wholeNumber(row.extra.get('missing')),
  };
}

function wholeNumber(text = ''): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/**
 * How long before its end a row stands: a window of a length stands in its middle. Of rolling windows, which overlap,
 * the ends follow each other.
 */
export function leadOf(window: string, start: number, end: number): number {
  return window === 'all' ? 0 : (end - start) / 2;
}

/** Both as one. */
export function joined(one: Stretch, other: Stretch): Stretch {
  const count = one.count + other.count;
  return {
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
    start: Math.min(one.start, other.start),
    end: Math.max(one.end, other.end),
    rows: one.rows + other.rows,
    count,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    // Not by the sum, which could be beyond all numbers.
    avg: one.avg + (other.avg - one.avg) * (other.count / count),
    missing: one.missing + other.missing,
  };
}

/** Where it stands: epoch milliseconds. */
export function placeOf({ first, last }: Stretch): number {
  return (first + last) / 2;
}
