/**
 * Downsamples the rows of one sensor in bounded memory: into buckets, which double their length when there are too many.
 *
 * Before that a bucket is one row. A chart loses nothing that it could show: a bucket has the minimum, maximum, weighted
 * average and missing readings of all its rows, and gaps between buckets are the gaps between rows.
 */

import { type Distance, usualDistance } from '../stats/gaps.ts';
import { type ChartBucket, mergeChartBuckets } from './chart-bucket.ts';

/** Even after a merge to a quarter, more buckets than most charts have columns. */
const MAX_BUCKETS = 8192;

/** Collects the rows of a sensor, in any order. */
export class Downsampler {
  #lengthMs = 1;
  #buckets = new Map<number, ChartBucket>();

  /** @param oldest rows that end at this time or earlier may be dropped, in epoch ms */
  add(row: ChartBucket, oldest: number): void {
    const index = Math.floor(row.first / this.#lengthMs);
    const known = this.#buckets.get(index);
    this.#buckets.set(index, known === undefined ? row : this.#merge(known, row));
    if (this.#buckets.size > MAX_BUCKETS) this.#shrink(oldest);
  }

  /** The buckets that end after `oldest`, in chronological order. */
  buckets(oldest: number): ChartBucket[] {
    return [...this.#buckets.values()].filter(({ end }) => end > oldest).sort((a, b) => a.first - b.first);
  }

  /** Two rows in the same ms are versions of one row: the one with more readings wins, as in a store. */
  #merge(known: ChartBucket, row: ChartBucket): ChartBucket {
    if (this.#lengthMs > 1) return mergeChartBuckets(known, row);
    return row.count >= known.count ? row : known;
  }

  #shrink(oldest: number): void {
    let kept = this.buckets(oldest);
    while (kept.length > MAX_BUCKETS / 2) {
      this.#lengthMs *= 2;
      kept = mergeNeighbours(kept, this.#lengthMs);
    }
    this.#buckets = new Map(kept.map((bucket) => [Math.floor(bucket.first / this.#lengthMs), bucket]));
  }
}

/** Merges the buckets whose first rows fall into the same interval of `lengthMs`. */
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

/** The usual distance in ms between rows, from chronological buckets; undefined below two rows. */
export function usualRowDistance(sorted: readonly ChartBucket[]): number | undefined {
  const distances: Distance[] = [];
  for (const [at, { first, last, rows }] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before !== undefined) distances.push({ length: first - before.last, times: 1 });
    if (rows > 1) distances.push({ length: (last - first) / (rows - 1), times: rows - 1 });
  }
  return usualDistance(distances);
}
