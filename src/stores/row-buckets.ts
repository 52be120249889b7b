/** Rows and buckets of rows put together. */

import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import type { Bucket } from './reader.ts';

/** The bucket of one row, which must have its times as they are stored. */
export function bucketOf({ start, end, count, min, max, avg, extra }: StatsRow): Bucket {
  const endMs = parseTime(end) ?? Number.NaN;
  const missing = extra.get('missing');
  return {
    start: parseTime(start) ?? endMs,
    end: endMs,
    rows: 1,
    count,
    min: Number(min),
    max: Number(max),
    avg: Number(avg),
    missing: missing === undefined || missing === '' ? undefined : Number(missing),
  };
}

/** Both as one. */
function joined(a: Bucket, b: Bucket): Bucket {
  const count = a.count + b.count;
  return {
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    rows: a.rows + b.rows,
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    avg: (a.avg * a.count + b.avg * b.count) / count,
    missing: a.missing === undefined ? b.missing : a.missing + (b.missing ?? 0),
  };
}

/** Joins buckets that come by their ends when these fall into the same stretch of time, aligned to the epoch. */
export function bucketList(lengthMs: number) {
  const buckets: Bucket[] = [];
  let stretch = Number.NaN;
  return {
    buckets,
    add(bucket: Bucket): void {
      const last = buckets.at(-1);
      const next = Math.floor(bucket.end / lengthMs);
      if (last !== undefined && next === stretch) buckets[buckets.length - 1] = joined(last, bucket);
      else buckets.push(bucket);
      stretch = next;
    },
  };
}
