/** A series described by its newest row and its outermost ends. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import { usualDistance } from '../stats/gaps.ts';
import type { Series } from './reader.ts';

/** How many of the last rows decide the usual distance between ends. */
export const LAST_ROWS = 16;

interface Ends {
  /** The earliest one, as RFC 3339. */
  readonly first: string;
  /** The last ones in the order of time, that of the newest row included. */
  readonly last: readonly string[];
}

/** The series of this newest row, these ends, and this many rows in all. */
export function seriesFrom(newest: StatsRow, { first, last }: Ends, rows: number): Series {
  const { sensor, window } = newest;
  const ends = last.map((end) => parseTime(end) ?? Number.NaN);
  const [from, to] = [parseTime(first) ?? Number.NaN, ends.at(-1) ?? Number.NaN];
  const distances = ends.slice(1).map((time, at) => ({ length: time - (ends[at] ?? time), times: 1 }));
  return { sensor, window, rows, newest, from, to, every: usualDistance(distances) };
}
