/** Describes a series by its newest row and its first and last ends. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import { usualDistance } from '../stats/gaps.ts';
import type { Series } from './reader.ts';

/** How many of the last rows determine the typical interval. */
export const LAST_ROWS = 16;

interface Ends {
  /** The earliest end, in RFC 3339. */
  readonly first: string;
  /** The last ends in time order, including that of the newest row. */
  readonly last: readonly string[];
}

/** @param rows the total number of rows */
export function seriesFrom(newest: StatsRow, { first, last }: Ends, rows: number): Series {
  const { sensor, window } = newest;
  const ends = last.map((end) => parseTime(end) ?? Number.NaN);
  const [from, to] = [parseTime(first) ?? Number.NaN, ends.at(-1) ?? Number.NaN];
  const distances = ends.slice(1).map((time, at) => ({ length: time - (ends[at] ?? time), times: 1 }));
  return { sensor, window, rows, newest, from, to, every: usualDistance(distances) };
}
