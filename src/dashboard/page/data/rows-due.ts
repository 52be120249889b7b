/** When the rows of a sensor are asked for. */

import type { RowsNeeded } from './selection.ts';
import type { SensorRows } from './series-json.ts';
import { holds } from './time-range.ts';

/** Thinned rows are too coarse when this much less is shown than when they were asked for. */
const COARSE = 1.2;
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;

/** Rows, for what they were asked, and when they came. */
export interface LoadedRows extends SensorRows {
  readonly wanted: RowsNeeded;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * When to ask for the rows of a sensor, in epoch milliseconds: at once (0), later, or never (Infinity) as they are what is
 * wanted. A new row changes little in rows that the server has thinned: then less often.
 *
 * @param has the rows that came last; undefined for none
 * @param isOld whether the store has other rows since then
 */
export function dueAt(
  { window, least, shown }: RowsNeeded,
  has: LoadedRows | undefined,
  isOld: boolean,
): number {
  if (has?.wanted.window !== window || !holds(has.wanted.span, least)) return 0;
  if (has.thinned && has.wanted.shown > COARSE * shown) return 0;
  const pause = has.thinned ? Math.min((has.step * 1000) / 4, LONGEST_MS) : 0;
  return isOld ? has.at + Math.max(pause, SHORTEST_MS) : Infinity;
}
