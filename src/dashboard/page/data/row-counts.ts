/** How many rows there are of a kind. A point of a thinned chart stands for several: then they are points that are counted. */

import { formatCount } from './format.ts';
import type { Row } from './row.ts';

/** The number of stored rows. */
export function storedRows(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.rows, 0);
}

/**
 * How many of the rows are of a kind: `12`, or `12 points` where it is not known how many of the rows behind a point are;
 * empty for none.
 */
export function countText(rows: readonly Row[], isOfKind: (row: Row) => boolean): string {
  const count = rows.filter(isOfKind).length;
  if (count === 0) return '';
  const isThinned = rows.some((row) => row.rows > 1);
  return `${formatCount(count)}${isThinned ? ` point${count === 1 ? '' : 's'}` : ''}`;
}
