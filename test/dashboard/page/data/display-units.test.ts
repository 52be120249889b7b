import { describe, expect, it } from 'vitest';
import { convert, kindOf, unitSign } from '../../../../src/dashboard/page/data/display-units.ts';

describe('units', () => {
  it.each([
    ['temperature', 100, 212],
    ['difference', 100, 180],
    ['square', 100, 324],
    ['plain', 100, 100],
    ['sum', 100, 100 * 1.8 + 32 * 5],
  ] as const)('converts a %s', (kind, celsius, fahrenheit) => {
    expect(convert(celsius, 'F', kind, 5)).toBeCloseTo(fahrenheit);
    expect(convert(celsius, 'C', kind, 5)).toBe(celsius);
  });

  it.each([
    ['p99.9', 'temperature', '°F'],
    ['last', 'temperature', '°F'],
    ['stddev', 'difference', '°F'],
    ['var', 'square', '°F²'],
    ['expected', 'plain', ''],
    ['constructor', 'plain', ''],
  ] as const)('knows what %s is', (column, kind, sign) => {
    expect(kindOf(column)).toBe(kind);
    expect(unitSign('F', kind)).toBe(sign);
  });
});
