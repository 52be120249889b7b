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
    [0, 9000, 3, ['0', '5000']],
    [0, 1e6, 3, ['0', '0.5M', '1.0M']],
    [0, 3e20, 4, ['0', '100E', '200E', '300E']],
    [0, 3e21, 4, ['0', '1e21', '2e21', '3e21']],
    [0, 5e-280, 3, ['0', '2e-280', '4e-280']],
    [20, 90_000, 5, ['20k', '40k', '60k', '80k']],
  ])('from %d to %d with %d ticks at most', (low, high, most, expected) => {
    expect(labels(low, high, most)).toEqual(expected);
  });

  it('has the unit, with one prefix for all, where it takes one', () => {
    const withUnit = (low: number, high: number, unit: string) =>
      valueScale(low, high, 4, unit).ticks.map(({ label }) => label);
    expect(withUnit(-5e6, 1e7, 'B')).toEqual(['-5 MB', '0 B', '5 MB', '10 MB']);
    expect(withUnit(0, 60_000, '°C')).toEqual(['0 °C', '20000 °C', '40000 °C', '60000 °C']);
    expect(withUnit(0.5, 1.5, '%')).toEqual(['0.5 %', '1.0 %', '1.5 %']);
    // A long one has no room beside the chart.
    expect(withUnit(0, 1, 'furlongs')).toEqual(['0.0', '0.5', '1.0']);
    expect(valueScale(1e308, 1.5e308, 3, 'B').ticks.map(({ label }) => label)).toContain('1.2e308 B');
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
        const { low, high, ticks } = valueScale(least, greatest, most, '%');
        expect(low).toBeLessThan(high);
        expect(ticks.length).toBeLessThanOrEqual(most);
        expect(ticks.length).toBeGreaterThan(0);
        for (const [place, { at, label }] of ticks.entries()) {
          expect(Number(label.replace(' %', ''))).toBe(at);
          expect(at >= low && at <= high && at > (ticks[place - 1]?.at ?? Number.NEGATIVE_INFINITY)).toBe(
            true,
          );
        }
      }),
    );
  });
});
