import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/weblog/generate/seeded-random.ts';

const numbers = (seed: number, stream: number, count = 5) => {
  const random = seededRandom(seed, stream);
  return Array.from({ length: count }, () => random.below(2 ** 32));
};

describe('random numbers', () => {
  it('are the same for the same seed and stream, and for these alone', () => {
    expect(numbers(1, 2)).toEqual(numbers(1, 2));
    const all = [numbers(1, 2), numbers(2, 1), numbers(1, 1), numbers(1 + 2 ** 32, 2), numbers(0, 0)].flat();
    expect(new Set(all).size).toBe(25);
  });

  it('are those of sfc32', () => {
    // The same steps with whole numbers of any length.
    const mask = 0xffff_ffffn;
    let [a, b, c, counter] = [5n, 3n, 7n, 1n];
    const next = () => {
      const sum = (a + b + counter++) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = (((c << 21n) | (c >> 11n)) + sum) & mask;
      return Number(sum);
    };
    for (let round = 0; round < 12; round++) next();
    expect(numbers(5 + 3 * 2 ** 32, 7, 1000)).toEqual(Array.from({ length: 1000 }, next));
  });

  it('are even below any limit', () => {
    const random = seededRandom(3, 0);
    const counts = new Array<number>(7).fill(0);
    for (let at = 0; at < 70_000; at++) {
      const number = random.below(7);
      counts[number] = (counts[number] ?? 0) + 1;
    }
    // Within four standard deviations.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(371);
    const favourites = Array.from({ length: 10_000 }, () => random.skewed(100));
    expect(favourites.filter((at) => at === 0).length).toBeGreaterThan(900);
    expect(Math.max(...favourites)).toBe(99);
    const shares = Array.from({ length: 10_000 }, () => random.share());
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThan(1);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])))).toEqual(
      new Set(['a', 'b', 'c']),
    );
  });
});
