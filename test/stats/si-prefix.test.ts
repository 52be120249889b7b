import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siPrefix, unitSuffix, withPrefix } from '../../src/stats/si-prefix.ts';

describe('an SI prefix', () => {
  it.each([
    [9_999, 'B', undefined],
    [10_000, 'B', '10 kB'],
    [1_213_400_000, 'B', '1.21 GB'],
    [-20_480, 'B', '-20.5 kB'],
    [999_499, 'B/s', '999 kB/s'],
    [999_500, 'B/s', '1 MB/s'],
    [9_999.96, 'bit', undefined],
    [1e18, 'bit/s', '1 Ebit/s'],
    // What it is, is not known.
    [123_456, '', undefined],
    [500_000, '/s', '500k /s'],
    [500_000, 'requests', '500k requests'],
    [12_345, 'W', '12.3 kW'],
    [1e21, 'B', undefined],
    [0, 'B', undefined],
    [5e300, '', undefined],
    [50_000, '°C', undefined],
    [50_000, '%', undefined],
    [50_000, 'hPa', undefined],
    [Number.NaN, 'B', undefined],
  ])('%d %j: %j', (value, unit, text) => expect(withPrefix(value, unit)).toBe(text));

  it('stands for a power of 1000 that leaves one to three digits before the point', () => {
    fc.assert(
      fc.property(fc.double({ min: 10_000, max: 9e20, noNaN: true }), (value) => {
        const [, digits = '', symbol = ''] = /^(.*?) (.)B$/.exec(withPrefix(value, 'B') ?? '') ?? [];
        const { power } = siPrefix(value, 'B');
        expect(power).toBe(3 * ['', 'k', 'M', 'G', 'T', 'P', 'E'].indexOf(symbol));
        expect(Number(digits) >= 1 && Number(digits) < 1000).toBe(true);
        expect(Math.abs(Number(`${digits}e${power}`) / value - 1)).toBeLessThan(0.01);
      }),
    );
  });

  it('stands between the number and its unit, which a count has not', () => {
    const kilo = { symbol: 'k', power: 3 };
    const none = { symbol: '', power: 0 };
    expect([
      unitSuffix(kilo, 'B'),
      unitSuffix(kilo, ''),
      unitSuffix(none, '°C'),
      unitSuffix(none, ''),
    ]).toEqual([...[' kB', 'k', ' °C', '']]);
  });
});
