/** Which of the newest rows of a sensor's windows knows best what is now. */

/** What a row says of the time of its readings; times are epoch milliseconds. */
export interface Told {
  readonly window: string;
  readonly start: number;
  readonly end: number;
  /** When its newest reading was; undefined where it does not say. */
  readonly lastTime: number | undefined;
}

/**
 * The one with the newest reading, as far as is known, and of several the one whose window ends first, since a day that goes
 * on says little. Undefined without any.
 */
export function freshest<Row>(rows: Iterable<Row>, toldBy: (row: Row) => Told): Row | undefined {
  const told = [...rows].map((row) => ({ row, ...toldBy(row) }));
  const [first] = told.sort((one, other) => lastKnown(other) - lastKnown(one) || one.end - other.end);
  return first?.row;
}

/** The earliest time at which its newest reading can have been; a window that is no length, such as `all`, ends with it. */
function lastKnown({ window, start, end, lastTime }: Told): number {
  return lastTime ?? (/^\d/.test(window) ? start : end);
}
