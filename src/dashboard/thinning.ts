/** Rows thinned to what a chart can show: the length of their buckets, and where rows are missing. */

import { roundLengths } from '../plot/time-axis.ts';
import { isGap } from '../stats/gaps.ts';

const WEEK = 604_800_000;

/** Not 1: two moments can fall on either side of a boundary of buckets of any length. */
export const FEWEST_POINTS = 2;

/**
 * The shortest round length in milliseconds at which at most `points` buckets cover `from` to `to`, both in epoch milliseconds.
 */
export function bucketLength(from: number, to: number, points: number): number {
  const fits = (length: number) => Math.floor(to / length) - Math.floor(from / length) < points;
  const length = roundLengths.find(fits);
  if (length !== undefined) return length;
  let long = 2 * WEEK;
  while (!fits(long)) long *= 2;
  return long;
}

/**
 * Tells of each end in turn whether rows are missing before it.
 *
 * @param usual the usual distance between neighbours in milliseconds; undefined if unknown: then there are no gaps
 */
export function gapFinder(usual: number | undefined): (end: number) => boolean {
  let last: number | undefined;
  return (end) => {
    const isAfterGap = last !== undefined && isGap(end - last, usual);
    last = end;
    return isAfterGap;
  };
}
