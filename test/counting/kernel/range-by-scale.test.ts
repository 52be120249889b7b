import { expect, it } from 'vitest';
import { rangeByScale } from '../../../src/counting/kernel/range-by-scale.ts';
import { parseRange } from '../../../src/readings/range.ts';

it.each([
  ['-20.5..50', [-20n, 50n], [-205n, 500n], [-2050n, 5000n]],
  ['0.19..0.21', [1n, 0n], [2n, 2n], [19n, 21n]],
  ['-0.21..-0.19', [0n, -1n], [-2n, -2n], [-21n, -19n]],
  ['..7', [-100n, 7n], [-100n, 70n], [-100n, 100n]],
  ['500..', [100n, 100n], [100n, 100n], [100n, 100n]],
])('%s in units of scale 0, 1 and 2, of two digits at most', (text, ...bounds) => {
  const range = parseRange(text);
  expect(rangeByScale(range, 2).map(({ least, greatest }) => [least, greatest])).toEqual(
    bounds.map(([least = 0n, greatest = 0n]) => [cut(least), cut(greatest)]),
  );
});

function cut(units: bigint): bigint {
  return units < -100n ? -100n : units > 100n ? 100n : units;
}
