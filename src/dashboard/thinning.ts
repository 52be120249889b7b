/** How many rows a chart can show: lengths of the buckets that rows are thinned to, and where rows are missing. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Round lengths of time, shortest first; beyond the last one each is twice the one before. */
const lengths = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7].map((count) => count * DAY),
];

/** With fewer buckets there may be no length at all that makes so few of two moments. */
export const FEWEST_POINTS = 2;

/** The shortest round length of which at most `points` buckets hold all of `from` to `to`, both in epoch milliseconds. */
export function bucketLength(from: number, to: number, points: number): number {
  const fits = (length: number) => Math.floor(to / length) - Math.floor(from / length) < points;
  const length = lengths.find(fits);
  if (length !== undefined) return length;
  let long = 14 * DAY;
  while (!fits(long)) long *= 2;
  return long;
}

/** Two ends so many times their usual distance apart have a row missing between them. */
const GAP = 1.75;

/**
 * Says of one end after the other whether rows are missing before it.
 *
 * @param usual the distance between neighbours in milliseconds; undefined when nobody knows, and then there are no gaps
 */
export function gapFinder(usual: number | undefined): (end: number) => boolean {
  let last: number | undefined;
  return (end) => {
    const gap = usual !== undefined && last !== undefined && end - last >= GAP * usual;
    last = end;
    return gap;
  };
}
