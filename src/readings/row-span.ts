/** The span of time that a stats row summarises. */

import { lengthOf } from './ahead.ts';
import type { StatsRow } from './stats-row.ts';

/** In epoch milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A row without a start begins its window's length before its end. */
export function spanOf({ start, end, window }: StatsRow): Span {
  const to = Date.parse(end);
  return { start: start === '' ? to - lengthOf(window) : Date.parse(start), end: to };
}
