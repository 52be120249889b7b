/** Counts rows. In a thinned chart a point stands for several rows, so points are counted instead. */

import { formatCount } from './format.ts';
import type { Row } from './row.ts';

/** The number of stored rows behind these. */
export function storedRows(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.rows, 0);
}

/**
 * How many of the rows match: `12`, or `12 points` if it is unknown how many of the stored rows behind them do; empty
 * for none.
 */
export function countText(rows: readonly Row[], isOfKind: (row: Row) => boolean): string {
  const count = rows.filter(isOfKind).length;
  if (count === 0) return '';
  const isThinned = rows.some((row) => row.rows > 1);
  return `${formatCount(count)}${isThinned ? ` point${count === 1 ? '' : 's'}` : ''}`;
}
