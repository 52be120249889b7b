/**
 * The rows of one sensor on their way to a chart, in memory that does not grow with them: stretches of time that double
 * their length when there are too many.
 *
 * Until then a stretch is one row. What a chart can show is not lost: the minimum, the maximum, the weighted average
 * and what is missing are those of all rows of the stretch, and the gaps between stretches are those between rows.
 */

import { joined, type Stretch } from './chart-bucket.ts';

/** Joined to a half or a quarter of them, they are still more than most charts have columns. */
const MOST = 8192;

export class Series {
  #lengthMs = 1;
  #stretches = new Map<number, Stretch>();

  /** @param oldest what ends then or earlier may be forgotten */
  add(row: Stretch, oldest: number): void {
    const place = Math.floor(row.first / this.#lengthMs);
    const there = this.#stretches.get(place);
    this.#stretches.set(place, there === undefined ? row : this.#join(there, row));
    if (this.#stretches.size > MOST) this.#shrink(oldest);
  }

  /** In the order of time. */
  stretches(oldest: number): Stretch[] {
    return [...this.#stretches.values()]
      .filter(({ end }) => end > oldest)
      .sort((one, other) => one.first - other.first);
  }

  /** In the same millisecond it is the same row again, and the one that counts more stays, as in a store. */
  #join(there: Stretch, row: Stretch): Stretch {
    if (this.#lengthMs > 1) return joined(there, row);
    return row.count >= there.count ? row : there;
  }

  #shrink(oldest: number): void {
    let kept = this.stretches(oldest);
    while (kept.length > MOST / 2) {
      this.#lengthMs *= 2;
      kept = joinNeighbours(kept, this.#lengthMs);
    }
    this.#stretches = new Map(kept.map((stretch) => [Math.floor(stretch.first / this.#lengthMs), stretch]));
  }
}

/** Joins those whose first rows lie in the same stretch of such a length. */
function joinNeighbours(sorted: readonly Stretch[], lengthMs: number): Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of sorted) {
    const before = all.at(-1);
    const isSame =
      before !== undefined && Math.floor(before.first / lengthMs) === Math.floor(stretch.first / lengthMs);
    if (isSame) all[all.length - 1] = joined(before, stretch);
    else all.push(stretch);
  }
  return all;
}

/** The usual distance between neighbouring rows, their median, in milliseconds; undefined below two rows. */
export function usualDistance(sorted: readonly Stretch[]): number | undefined {
  const distances: { readonly length: number; readonly times: number }[] = [];
  for (const [at, { first, last, rows }] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before !== undefined) distances.push({ length: first - before.last, times: 1 });
    if (rows > 1) distances.push({ length: (last - first) / (rows - 1), times: rows - 1 });
  }
  distances.sort((one, other) => one.length - other.length);
  const half = distances.reduce((sum, { times }) => sum + times, 0) / 2;
  let passed = 0;
  return distances.find(({ times }) => {
    passed += times;
    return passed >= half;
  })?.length;
}
