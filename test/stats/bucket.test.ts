import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, mergeBuckets, mergeTotals } from '../../src/stats/bucket.ts';

const value = fc.integer({ min: -1000, max: 1000 });
const bucket: fc.Arbitrary<Bucket> = fc
  .record({ end: value, length: fc.nat(100), count: fc.integer({ min: 1, max: 60 }), low: value, avg: value })
  .map(({ end, length, count, low, avg }) => ({
    ...{ start: end - length, end, rows: 1, count, missing: undefined },
    ...{ min: Math.min(low, avg), max: Math.max(low, avg), avg },
  }));

describe('merged buckets', () => {
  it('say what all their rows say, in any order', () => {
    fc.assert(
      fc.property(fc.array(bucket, { minLength: 1 }), (rows) => {
        const merged = rows.reduce(mergeBuckets);
        const count = rows.reduce((sum, row) => sum + row.count, 0);
        expect(merged).toMatchObject({
          start: Math.min(...rows.map(({ start }) => start)),
          end: Math.max(...rows.map(({ end }) => end)),
          rows: rows.length,
          count,
          min: Math.min(...rows.map(({ min }) => min)),
          max: Math.max(...rows.map(({ max }) => max)),
        });
        expect(merged.avg).toBeCloseTo(rows.reduce((sum, row) => sum + row.avg * row.count, 0) / count, 8);
        expect(rows.toReversed().reduce(mergeBuckets).avg).toBeCloseTo(merged.avg, 8);
      }),
    );
  });

  it('lack readings when any of them does', () => {
    const missing = (a?: number, b?: number) => {
      const some = { start: 0, end: 1, rows: 1, count: 1, min: 0, max: 0, avg: 0 };
      return mergeBuckets({ ...some, missing: a }, { ...some, missing: b }).missing;
    };
    expect([missing(), missing(2), missing(undefined, 3), missing(2, 3)]).toEqual([undefined, 2, 3, 5]);
  });

  it('have an average where the sum would be beyond all numbers', () => {
    const large = { count: 1e9, min: 1e300, max: 1e300, avg: 1e300 };
    expect(mergeTotals(large, large)).toEqual({ ...large, count: 2e9 });
  });
});
