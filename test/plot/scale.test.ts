import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueScale } from '../../src/plot/scale.ts';

const labels = (low: number, high: number, most: number) =>
  valueScale(low, high, most).ticks.map(({ label }) => label);

describe('the value axis', () => {
  it.each<[number, number, number, string[]]>([
    [11.7, 12.82, 5, ['12.0', '12.5']],
    [0, 1, 6, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [0.1, 0.3, 3, ['0.1', '0.2', '0.3']],
    [-7, 3, 6, ['-6', '-4', '-2', '0', '2']],
    [0, 1e6, 3, ['0', '500000', '1000000']],
    [0, 3e20, 4, ['0', '1e20', '2e20', '3e20']],
    [0, 5e-280, 3, ['0', '2e-280', '4e-280']],
    [20, 90_000, 5, ['20000', '40000', '60000', '80000']],
  ])('from %d to %d with %d ticks at most', (low, high, most, expected) => {
    expect(labels(low, high, most)).toEqual(expected);
  });

  it('has room around values that are all the same', () => {
    expect(valueScale(21.35, 21.35, 5)).toMatchObject({ low: 21.1365, high: 21.5635 });
    expect(labels(21.35, 21.35, 5)).toEqual(['21.2', '21.3', '21.4', '21.5']);
    expect(labels(0, 0, 5)).toEqual(['-1.0', '-0.5', '0.0', '0.5', '1.0']);
    for (const value of [1e300, -1e300, 5e-324, 1e-290])
      expect(labels(value, value, 3).length).toBeGreaterThan(0);
    expect(labels(0, 5e-324, 3).length).toBeGreaterThan(0);
  });

  it('has no tick too many where to divide by the step is not exact', () => {
    expect(labels(-3e141, 0, 30).length).toBeLessThanOrEqual(30);
  });

  it('has ticks that are where their labels say, upwards, inside, and not too many', () => {
    const whole = fc.integer({ min: -1e6, max: 1e6 });
    const power = fc.integer({ min: -250, max: 250 });
    fc.assert(
      fc.property(whole, whole, power, fc.integer({ min: 2, max: 30 }), (one, other, exponent, most) => {
        const [least = 0, greatest = 0] = [one, other]
          .sort((a, b) => a - b)
          .map((at) => Number(`${at}e${exponent}`));
        const { low, high, ticks } = valueScale(least, greatest, most);
        expect(low).toBeLessThan(high);
        expect(ticks.length).toBeLessThanOrEqual(most);
        expect(ticks.length).toBeGreaterThan(0);
        for (const [place, { at, label }] of ticks.entries()) {
          expect(Number(label)).toBe(at);
          expect(at >= low && at <= high && at > (ticks[place - 1]?.at ?? Number.NEGATIVE_INFINITY)).toBe(
            true,
          );
        }
      }),
    );
  });
});
