import { describe, expect, it } from 'vitest';
import { convert, displayOf, kindOf, signOf } from '../../../../src/dashboard/page/data/display-units.ts';

const [celsius, fahrenheit] = [displayOf('°C', 'C'), displayOf('°C', 'F')];

describe('units', () => {
  it.each([
    ['value', 100, 212],
    ['difference', 100, 180],
    ['square', 100, 324],
    ['plain', 100, 100],
    ['sum', 100, 100 * 1.8 + 32 * 5],
  ] as const)('converts a %s', (kind, stored, shown) => {
    expect(convert(stored, fahrenheit, kind, 5)).toBeCloseTo(shown);
    expect(convert(stored, celsius, kind, 5)).toBe(stored);
    expect(convert(stored, displayOf('%', 'F'), kind, 5)).toBe(stored);
  });

  it.each([
    ['p99.9', 'value', '°F'],
    ['last', 'value', '°F'],
    ['stddev', 'difference', '°F'],
    ['var', 'square', '°F²'],
    ['expected', 'plain', ''],
    ['constructor', 'plain', ''],
  ] as const)('knows what %s is', (column, kind, sign) => {
    expect(kindOf(column)).toBe(kind);
    expect(signOf(fahrenheit, kind)).toBe(sign);
  });

  it('are those of the series, and none where nobody knows', () => {
    const signs = ['°C', 'Cel', '°F', '%', 'B', '1', undefined].map((unit) => displayOf(unit, 'F').sign);
    expect(signs).toEqual(['°F', '°F', '°F', '%', 'B', '', '']);
    expect(signOf(displayOf(undefined, 'C'), 'square')).toBe('');
  });
});
