import { expect, it } from 'vitest';
import { isGap, usualDistance } from '../../src/stats/gaps.ts';

const usual = (...lengths: number[]) => usualDistance(lengths.map((length) => ({ length, times: 1 })));

it('the usual distance is the median, the lower one of two', () => {
  expect(usual()).toBeUndefined();
  expect(usual(60)).toBe(60);
  expect(usual(60, 3600)).toBe(60);
  expect(usual(3600, 60, 61, 59, 60)).toBe(60);
});

it('a distance counts as often as it occurs', () => {
  const some = [
    { length: 3600, times: 3 },
    { length: 60, times: 2 },
  ];
  expect(usualDistance(some)).toBe(3600);
});

it('a gap is 1.75 usual distances or more', () => {
  expect([isGap(174, 100), isGap(175, 100), isGap(1e9, undefined)]).toEqual([false, true, false]);
});
