/** A series described by its outermost rows. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import { usualDistance } from '../stats/gaps.ts';
import type { Series } from './reader.ts';

/** The number of last rows that say how far ends usually are apart. */
export const LAST_ROWS = 16;

/**
 * The series with this earliest row, these last ones by their ends, and this many rows in all; undefined without rows.
 */
export function seriesFrom(
  first: StatsRow | undefined,
  last: readonly StatsRow[],
  rows: number,
): Series | undefined {
  const newest = last.at(-1);
  if (first === undefined || newest === undefined) return undefined;
  const { sensor, window } = newest;
  const ends = last.map(({ end }) => parseTime(end) ?? Number.NaN);
  const [from, to] = [parseTime(first.end) ?? Number.NaN, ends.at(-1) ?? Number.NaN];
  const distances = ends.slice(1).map((time, at) => ({ length: time - (ends[at] ?? time), times: 1 }));
  return { sensor, window, rows, newest, from, to, every: usualDistance(distances) };
}
