/** A bucket on the time axis of a chart: a row, or several that follow each other. */

import type { StatsRow } from '../readings/stats-row.ts';
import { type Bucket, mergeBuckets } from '../stats/bucket.ts';
import { bucketOf } from '../stores/row-buckets.ts';

export interface ChartBucket extends Bucket {
  /** Where its first and its last row stand on the time axis: epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

/** The bucket of one row. */
export function chartBucket(row: StatsRow): ChartBucket {
  const bucket = bucketOf(row);
  const at = bucket.end - leadOf(row.window, bucket);
  return placedBucket(bucket, at, at);
}

/** The bucket with its first and its last row at these times: epoch milliseconds. */
export function placedBucket(bucket: Bucket, first: number, last: number): ChartBucket {
  const { start, end, rows, count, min, max, avg, missing } = bucket;
  return { first, last, start, end, rows, count, min, max, avg, missing };
}

/**
 * How many milliseconds before its end a row stands: half its window, so in the middle. Rolling windows overlap, and only
 * their ends follow each other: those rows stand there.
 */
export function leadOf(window: string, { start, end }: Pick<Bucket, 'start' | 'end'>): number {
  return window === 'all' ? 0 : (end - start) / 2;
}

/** Both buckets as one, in either order. */
export function mergeChartBuckets(a: ChartBucket, b: ChartBucket): ChartBucket {
  return placedBucket(mergeBuckets(a, b), Math.min(a.first, b.first), Math.max(a.last, b.last));
}

/** The middle of the bucket on the time axis: epoch milliseconds. */
export function middleOf({ first, last }: ChartBucket): number {
  return (first + last) / 2;
}
