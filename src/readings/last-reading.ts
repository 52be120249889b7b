/** When the newest reading of a stats row was: a further column `last_time` says it, or else nobody knows. */

import { freshest } from '../stats/freshest.ts';
import { spanOf } from './row-span.ts';
import type { StatsRow } from './stats-row.ts';
import { parseTime } from './time.ts';

/** The column of rows that say it. */
const COLUMN = 'last_time';

/** Epoch milliseconds; undefined where the row does not say, or says a time that is not one of its window. */
export function lastReadingOf({ start, end, extra }: StatsRow): number | undefined {
  const time = parseTime(extra.get(COLUMN)?.trim() ?? '');
  const isWithin = time !== undefined && time >= (parseTime(start) ?? time) && time <= Date.parse(end);
  return isWithin ? time : undefined;
}

/** Of the newest rows of a sensor's windows, the one that knows best what is now. Undefined without rows. */
export function freshestRow(rows: Iterable<StatsRow>): StatsRow | undefined {
  return freshest(rows, (row) => ({ ...spanOf(row), window: row.window, lastTime: lastReadingOf(row) }));
}

/**
 * How long ago the newest reading of a row was, in milliseconds, 0 or more. Of a row that does not say, how long ago its
 * window ended, since which there has been none; 0 while it goes on.
 */
export function ageOf(row: StatsRow, now: number): number {
  return Math.max(0, now - (lastReadingOf(row) ?? Date.parse(row.end)));
}
