/** A series from its outermost rows. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import type { Series } from './reader.ts';

/** So many of the last rows say how far ends are usually apart. */
export const LAST_ROWS = 16;

/** Of the earliest row, the last ones by their ends, and the number of all; nothing when there is none. */
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
  return { sensor, window, rows, newest, from, to, every: usualDistance(ends) };
}

/** The median of the distances between neighbours; undefined below two. */
function usualDistance(times: readonly number[]): number | undefined {
  const distances = times.slice(1).map((time, at) => time - (times[at] ?? time));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)];
}
