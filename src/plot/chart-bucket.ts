/** A bucket on the time axis of a chart: one row, or several consecutive ones. */

import type { StatsRow } from '../readings/stats-row.ts';
import { type Bucket, mergeBuckets } from '../stats/bucket.ts';
import { bucketOf } from '../stores/row-buckets.ts';

export interface ChartBucket extends Bucket {
  /** Positions of its first and last row on the time axis, in epoch ms. */
  readonly first: number;
  readonly last: number;
}

/** The bucket of one row. */
export function chartBucket(row: StatsRow): ChartBucket {
  const bucket = bucketOf(row);
  const at = bucket.end - leadOf(row.window, bucket);
  return placedBucket(bucket, at, at);
}

/** A bucket whose first and last row are at these times, in epoch ms. */
export function placedBucket(bucket: Bucket, first: number, last: number): ChartBucket {
  const { start, end, rows, count, min, max, avg, missing } = bucket;
  return { first, last, start, end, rows, count, min, max, avg, missing };
}

/**
 * How many ms before its end a row is placed: half its window, so in the middle. Rolling windows overlap, and only their ends
 * are in order, so these rows are placed at their ends.
 */
export function leadOf(window: string, { start, end }: Pick<Bucket, 'start' | 'end'>): number {
  return window === 'all' ? 0 : (end - start) / 2;
}

/** Merges two buckets, in either order. */
export function mergeChartBuckets(a: ChartBucket, b: ChartBucket): ChartBucket {
  return placedBucket(mergeBuckets(a, b), Math.min(a.first, b.first), Math.max(a.last, b.last));
}

/** The midpoint of the bucket on the time axis, in epoch ms. */
export function middleOf({ first, last }: ChartBucket): number {
  return (first + last) / 2;
}
