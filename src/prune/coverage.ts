/** Whether rows of a longer window have what rows of a shorter one say. */

import { lengthOf } from '../readings/ahead.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { StoreReader } from '../stores/reader.ts';
import { isSame, type Kept } from './keep-list.ts';

/** From when to when a row sums up, in epoch milliseconds. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A row that says no start begins its window's length before its end. */
export function spanOf({ start, end, window }: StatsRow): Span {
  const to = Date.parse(end);
  return { start: start === '' ? to - lengthOf(window) : Date.parse(start), end: to };
}

/**
 * Tells which of some rows, in the order of their ends, lie within a row of the longer window.
 *
 * @throws Failure as the reader does
 */
export async function coveredRows(
  reader: StoreReader,
  rows: readonly StatsRow[],
  coarser: Kept,
): Promise<StatsRow[]> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const spans: Span[] = [];
  const range = { from: spanOf(first).end, to: spanOf(last).end + coarser.lengthMs + 1 };
  for (const { sensor, window } of await reader.series({ sensor: first.sensor })) {
    if (!isSame(coarser, window)) continue;
    for await (const batch of reader.rows({ sensor, window, ...range })) spans.push(...batch.map(spanOf));
  }
  spans.sort((one, other) => one.end - other.end);
  let at = 0;
  return rows.filter((row) => {
    const { start, end } = spanOf(row);
    while (at < spans.length && (spans[at]?.end ?? 0) < end) at++;
    return (spans[at]?.start ?? Number.POSITIVE_INFINITY) <= start;
  });
}
