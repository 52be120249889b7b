/** From when to when a stats row sums up. */

import { lengthOf } from './ahead.ts';
import type { StatsRow } from './stats-row.ts';

/** In epoch milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A row that says no start begins its window's length before its end. */
export function spanOf({ start, end, window }: StatsRow): Span {
  const to = Date.parse(end);
  return { start: start === '' ? to - lengthOf(window) : Date.parse(start), end: to };
}
