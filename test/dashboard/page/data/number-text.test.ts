import { expect, it } from 'vitest';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';
import { numberWithSign } from '../../../../src/dashboard/page/data/number-text.ts';

const shown = (value: number | null, unit: string | undefined, digits = 1, isExact = false) =>
  numberWithSign(value, displayOf(unit, 'C'), { digits, isExact });

it.each([
  [21.35, '°C', '21.4 °C'],
  [-40, '%', '−40.0 %'],
  [5, undefined, '5.0'],
  [null, '°C', '– °C'],
  [9999, 'B', '9999.0 B'],
  [10_000, 'B', '10.0 kB'],
  [-1_234_567, 'B', '−1.23 MB'],
  [999_999, 'requests', '1.00M requests'],
  [1.5e12, undefined, '1.50T'],
  [1e22, 'B', '1e22 B'],
  [123_456, 'ms', '123456.0 ms'],
  [1.23456e15, 'ms', '1.235e15 ms'],
  [-1.5e-7, 'V', '−1.5e−7 V'],
  [0, 'V', '0.0 V'],
])('%j in %s is %s', (value, unit, text) => {
  expect(shown(value, unit)).toBe(text);
});

it('a table has all digits', () => {
  expect(shown(1_234_567, 'B', 0, true)).toBe('1234567 B');
});
