/** Buckets: aggregates of consecutive rows, for when there are too many rows. */

/** Values are in the sensor's unit. */
export interface Totals {
  /** Number of readings: 1 or more. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Weighted by the counts. */
  readonly avg: number;
}

/** Consecutive rows of one series. */
export interface Bucket extends Totals {
  /** The earliest start and the latest end of the rows: epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  /** Expected readings that are missing; undefined when no row tells. */
  readonly missing: number | undefined;
}

/** Merges totals, without overflow of the average. */
export function mergeTotals(a: Totals, b: Totals): Totals {
  const count = a.count + b.count;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    // A sum of large values could overflow.
    avg: a.avg + (b.avg - a.avg) * (b.count / count),
  };
}

/** Merges buckets, in any order, adjacent or not. */
export function mergeBuckets(a: Bucket, b: Bucket): Bucket {
  const { count, min, max, avg } = mergeTotals(a, b);
  // No object spread: it makes plot-stats 2.4 times as slow for 300,000 rows.
  return {
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    rows: a.rows + b.rows,
    count,
    min,
    max,
    avg,
    missing: a.missing === undefined ? b.missing : a.missing + (b.missing ?? 0),
  };
}
