/** Chooses among the newest rows of a sensor's windows the one that best shows the present. */

/** The times in a row, in epoch milliseconds. */
export interface Told {
  readonly window: string;
  readonly start: number;
  readonly end: number;
  /** The time of its newest reading; undefined when unknown. */
  readonly lastTime: number | undefined;
}

/** Times of the same reading may differ by less, as some writers drop fractions of a second. */
const SECOND = 1000;

/**
 * Of the rows with the newest reading, as far as is known, the one whose window ends first, then the shortest: a day
 * still open says little about now. Undefined without rows.
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
 * The earliest possible time of its newest reading; a window without a length, such as `all`, ends with it. So a row
 * with an unknown time never hides a silence that another row shows.
 */
function lastKnown({ window, start, end, lastTime }: Told): number {
  return lastTime ?? (/^\d/.test(window) ? start : end);
}
