import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketLength, FEWEST_POINTS, gapFinder } from '../../src/dashboard/thinning.ts';

const DAY = 86_400_000;
const time = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2300, 0) });

describe('bucketLength', () => {
  it.each([
    [1, 1000, 1000],
    [60, 1000, 1000],
    [3600, 1000, 5000],
    [86_400, 1000, 120_000],
    [86_400, 25, 3_600_000],
    [365 * 86_400, 1000, 12 * 3_600_000],
    [365 * 86_400, 54, 7 * DAY],
    [365 * 86_400, 2, 224 * DAY],
  ])('of %i s in at most %i buckets is %i ms', (seconds, points, length) => {
    const from = Date.UTC(2026, 0, 1);
    expect(bucketLength(from, from + seconds * 1000 - 1, points)).toBe(length);
  });

  it('never makes more buckets than points', () => {
    fc.assert(
      fc.property(time, time, fc.integer({ min: FEWEST_POINTS, max: 20_000 }), (one, other, points) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const length = bucketLength(from, to, points);
        expect(Math.floor(to / length) - Math.floor(from / length) + 1).toBeLessThanOrEqual(points);
      }),
    );
  });
});

describe('gapFinder', () => {
  const gaps = (usual: number | undefined, ends: number[]) => ends.filter(gapFinder(usual));

  it('finds ends that are 1.75 times as far apart as usual, or farther', () => {
    expect(gaps(100, [0, 100, 274, 449, 549, 1000])).toEqual([449, 1000]);
  });

  it('finds none where nobody knows what is usual, and none before the first', () => {
    expect(gaps(undefined, [0, 1, 1000])).toEqual([]);
    expect(gaps(1, [1_000_000])).toEqual([]);
  });
});
