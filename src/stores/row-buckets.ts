/** Aggregates rows into buckets. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import { type Bucket, mergeBuckets } from '../stats/bucket.ts';

/** The bucket of one row. Unreadable times become NaN. */
export function bucketOf({ start, end, count, min, max, avg, extra }: StatsRow): Bucket {
  const endMs = parseTime(end) ?? Number.NaN;
  return {
    start: parseTime(start) ?? endMs,
    end: endMs,
    rows: 1,
    count,
    min: Number(min),
    max: Number(max),
    avg: Number(avg),
    missing: parseCount(extra.get('missing')),
  };
}

/** Undefined for text that is not a number, which an additional column may contain. */
function parseCount(text = ''): number | undefined {
  const count = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(count) ? count : undefined;
}

/** Merges buckets, added in the order of their ends, that fall into the same `lengthMs`, aligned to the epoch. */
export function bucketList(lengthMs: number) {
  const buckets: Bucket[] = [];
  let index = Number.NaN;
  return {
    buckets,
    add(bucket: Bucket): void {
      const last = buckets.at(-1);
      const next = Math.floor(bucket.end / lengthMs);
      if (last !== undefined && next === index) buckets[buckets.length - 1] = mergeBuckets(last, bucket);
      else buckets.push(bucket);
      index = next;
    },
  };
}
