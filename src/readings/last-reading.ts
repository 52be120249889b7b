/** The time of the newest reading in a stats row, if a further column `last_time` gives it. */

import { freshest } from '../stats/freshest.ts';
import { spanOf } from './row-span.ts';
import type { StatsRow } from './stats-row.ts';
import { parseTime } from './time.ts';

const COLUMN = 'last_time';

/** Epoch milliseconds; undefined if the row gives none, or a time outside its window. */
export function lastReadingOf({ start, end, extra }: StatsRow): number | undefined {
  const time = parseTime(extra.get(COLUMN)?.trim() ?? '');
  const isWithin = time !== undefined && time >= (parseTime(start) ?? time) && time <= Date.parse(end);
  return isWithin ? time : undefined;
}

/** The row that best tells the current state, of the newest rows of a sensor's windows. Undefined without rows. */
export function freshestRow(rows: Iterable<StatsRow>): StatsRow | undefined {
  return freshest(rows, (row) => ({ ...spanOf(row), window: row.window, lastTime: lastReadingOf(row) }));
}

/**
 * The age of a row's newest reading in milliseconds, at least 0. If the row does not give its time: the time since its
 * window ended; 0 while it is open.
 */
export function ageOf(row: StatsRow, now: number): number {
  return Math.max(0, now - (lastReadingOf(row) ?? Date.parse(row.end)));
}
