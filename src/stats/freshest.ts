/** Which of the newest rows of a sensor's windows knows best what is now. */

/** What a row says of the time of its readings; times are epoch milliseconds. */
export interface Told {
  readonly window: string;
  readonly start: number;
  readonly end: number;
  /** When its newest reading was; undefined where it does not say. */
  readonly lastTime: number | undefined;
}

/** Times of one reading may differ by less: not everyone writes parts of a second. */
const SECOND = 1000;

/**
 * Of those with the newest reading, as far as is known, the one whose window ends first, and of several the shortest, since a
 * day that goes on says little. Undefined without any.
 */
export function freshest<Row>(rows: Iterable<Row>, toldBy: (row: Row) => Told): Row | undefined {
  const told = [...rows].map((row) => ({ row, ...toldBy(row) }));
  const newest = told.reduce((time, row) => Math.max(time, lastKnown(row)), Number.NEGATIVE_INFINITY);
  const [first] = told
    .filter((row) => newest - lastKnown(row) < SECOND)
    .sort((one, other) => one.end - other.end || other.start - one.start);
  return first?.row;
}

/**
 * The earliest time at which its newest reading can have been; a window that is no length, such as `all`, ends with it. So a
 * row that does not say hides no silence of which another tells.
 */
function lastKnown({ window, start, end, lastTime }: Told): number {
  return lastTime ?? (/^\d/.test(window) ? start : end);
}
