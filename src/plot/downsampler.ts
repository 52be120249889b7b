/**
 * The rows of one sensor on their way to a chart, in memory that does not grow with them: buckets, which double their
 * length when there are too many.
 *
 * Until then a bucket is one row. A chart loses nothing that it could show: minimum, maximum, weighted average and
 * missing readings are those of all rows of a bucket, and the gaps between buckets are those between rows.
 */

import { type Distance, usualDistance } from '../stats/gaps.ts';
import { type ChartBucket, mergeChartBuckets } from './chart-bucket.ts';

/** Merged to a half or a quarter of them, they are still more than most charts have columns. */
const MOST = 8192;

/** Collects the rows of a sensor, in any order. */
export class Downsampler {
  #lengthMs = 1;
  #buckets = new Map<number, ChartBucket>();

  /** @param oldest epoch milliseconds: rows that end then or earlier may be forgotten */
  add(row: ChartBucket, oldest: number): void {
    const index = Math.floor(row.first / this.#lengthMs);
    const known = this.#buckets.get(index);
    this.#buckets.set(index, known === undefined ? row : this.#merge(known, row));
    if (this.#buckets.size > MOST) this.#shrink(oldest);
  }

  /** What ends after `oldest`, in the order of time. */
  buckets(oldest: number): ChartBucket[] {
    return [...this.#buckets.values()].filter(({ end }) => end > oldest).sort((a, b) => a.first - b.first);
  }

  /** In the same millisecond it is the same row again: the one that counts more readings stays, as in a store. */
  #merge(known: ChartBucket, row: ChartBucket): ChartBucket {
    if (this.#lengthMs > 1) return mergeChartBuckets(known, row);
    return row.count >= known.count ? row : known;
  }

  #shrink(oldest: number): void {
    let kept = this.buckets(oldest);
    while (kept.length > MOST / 2) {
      this.#lengthMs *= 2;
      kept = mergeNeighbours(kept, this.#lengthMs);
    }
    this.#buckets = new Map(kept.map((bucket) => [Math.floor(bucket.first / this.#lengthMs), bucket]));
  }
}

/** Merges the buckets whose first rows fall into the same `lengthMs`. */
function mergeNeighbours(sorted: readonly ChartBucket[], lengthMs: number): ChartBucket[] {
  const all: ChartBucket[] = [];
  for (const bucket of sorted) {
    const before = all.at(-1);
    const isSame =
      before !== undefined && Math.floor(before.first / lengthMs) === Math.floor(bucket.first / lengthMs);
    if (isSame) all[all.length - 1] = mergeChartBuckets(before, bucket);
    else all.push(bucket);
  }
  return all;
}

/** The usual distance in milliseconds between neighbouring rows of buckets in the order of time; undefined below two rows. */
export function usualRowDistance(sorted: readonly ChartBucket[]): number | undefined {
  const distances: Distance[] = [];
  for (const [at, { first, last, rows }] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before !== undefined) distances.push({ length: first - before.last, times: 1 });
    if (rows > 1) distances.push({ length: (last - first) / (rows - 1), times: rows - 1 });
  }
  return usualDistance(distances);
}
