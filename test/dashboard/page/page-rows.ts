/** Rows, as in the page's state. */

import type { Row } from '../../../src/dashboard/page/data/row.ts';

/** A row from start to end, in epoch ms. */
export function row(start: number, end: number, more: Partial<Row> = {}): Row {
  return {
    ...{
      start,
      end,
      count: 60,
      min: 19,
      max: 21,
      avg: 20,
      missing: undefined,
      rows: 1,
      gap: false,
      further: [],
    },
    ...more,
  };
}

/** Consecutive rows of length 100. */
export const hours = (count: number) =>
  Array.from({ length: count }, (_, at) => row(at * 100, at * 100 + 100));
/** Rolling windows, one ending every 10 ms. */
export const rolling = (count: number) =>
  Array.from({ length: count }, (_, at) => row(at * 10 - 100, at * 10));
