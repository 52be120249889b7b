import { describe, expect, it } from 'vitest';
import { timeLabels, valueRange } from '../../../../src/dashboard/page/chart/axis-labels.ts';
import { convert, kindOf, unitSign } from '../../../../src/dashboard/page/data/display-units.ts';
import {
  decimals,
  formatCount,
  formatLength,
  formatNumber,
  formatSpan,
  formatTemperature,
  formatTime,
  isLate,
} from '../../../../src/dashboard/page/data/format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const noon = Date.UTC(2026, 10, 21, 12);

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

describe('numbers', () => {
  it('keep their decimals, with a real minus sign and without a negative nothing', () => {
    expect([21, 21.35, 1e-9, 0.123456].map(decimals)).toEqual([0, 2, 0, 4]);
    expect(formatNumber(-1.5, 2)).toBe('−1.50');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatTemperature(-40, 'F', 1)).toBe('−40.0');
    expect(formatTemperature(null, 'F', 1)).toBe('–');
    expect(formatCount(1234567).replaceAll('\u202f', ' ')).toBe('1 234 567');
  });
});

describe('times', () => {
  it('are said as short as they are clear', () => {
    expect(formatTime(noon, 'utc')).toBe('2026-11-21 12:00');
    expect(formatTime(noon + 5000, 'utc')).toBe('2026-11-21 12:00:05');
    expect(formatSpan(noon, noon + HOUR, 'utc')).toBe('2026-11-21 12:00 – 13:00');
    expect(formatSpan(noon, noon + 24 * HOUR, 'utc')).toBe('2026-11-21 12:00 – 2026-11-22 12:00');
    expect(formatTime(Number.NaN, 'utc')).toMatch(/^\?/);
  });

  it.each([
    [-5, '0 s'],
    [12_345, '12 s'],
    [4 * MINUTE, '4 min'],
    [3 * HOUR + 20 * MINUTE, '3 h 20 min'],
    [24 * HOUR, '1 d'],
    [50 * HOUR, '2 d 2 h'],
  ])('are apart by %i ms', (milliseconds, text) => {
    expect(formatLength(milliseconds)).toBe(text);
  });

  it('are late after three intervals, but not more than a quarter of an hour', () => {
    expect(isLate(89_000, 1000)).toBe(false);
    expect(isLate(91_000, 1000)).toBe(true);
    expect(isLate(3 * MINUTE, MINUTE)).toBe(false);
    expect(isLate(3 * MINUTE + 1, MINUTE)).toBe(true);
    expect(isLate(75 * MINUTE, HOUR)).toBe(false);
    expect(isLate(76 * MINUTE, HOUR)).toBe(true);
    expect(isLate(-MINUTE, HOUR)).toBe(false);
    expect(isLate(59 * MINUTE, undefined)).toBe(false);
  });
});

describe('axes', () => {
  it('say the day once', () => {
    const times = [noon + 10 * HOUR, noon + 12 * HOUR, noon + 14 * HOUR];
    expect(timeLabels(times, 2 * HOUR, 'utc')).toEqual(['22:00\n21 Nov 2026', '00:00\n22 Nov', '02:00']);
    expect(timeLabels([noon], 24 * HOUR, 'utc')).toEqual(['21 Nov\n2026']);
    expect(timeLabels([noon + 5000], 5000, 'utc')).toEqual(['12:00:05\n21 Nov 2026']);
  });

  it('do not blow up a level line', () => {
    expect(valueRange(20, 20)).toEqual([19.5, 20.5]);
    expect(valueRange(null, null)).toEqual([0, 1]);
    const [low, high] = valueRange(0, 100);
    expect([low, high]).toEqual([-8, 108]);
  });
});
