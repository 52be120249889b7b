import { describe, expect, it } from 'vitest';
import {
  decimals,
  fileName,
  formatAge,
  formatCount,
  formatLength,
  formatNumber,
  formatSpan,
  formatTime,
  formatZonedSpan,
  isLate,
} from '../../../../src/dashboard/page/data/format.ts';
import { growsLess } from '../../../growth.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const noon = Date.UTC(2026, 10, 21, 12);

describe('numbers', () => {
  it('keep their decimals, with a real minus sign and without a negative nothing', () => {
    expect([21, 21.35, 1e-9, 0.123456].map(decimals)).toEqual([0, 2, 0, 4]);
    expect(formatNumber(-1.5, 2)).toBe('−1.50');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
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
    expect([-1e15, 1e15].map((time) => formatTime(time, 'utc'))).toEqual([
      '0000-01-01 00:00',
      '9999-12-31 23:59:59',
    ]);
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

  it.each([
    [50 * HOUR, '2 d 2 h'],
    [60 * 24 * HOUR, '60 d'],
    [100 * 24 * HOUR, '3 mo 8 d'],
    [2776 * 24 * HOUR, '7 y 7 mo'],
    [365.25 * 24 * HOUR - 1, '11 mo 30 d'],
    [2026 * 365.25 * 24 * HOUR, '2\u202f026 y'],
  ])('are %i ms ago', (milliseconds, text) => {
    expect(formatAge(milliseconds)).toBe(text);
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

it('a span is said with its zone, and with seconds where they matter', () => {
  const span = (seconds: number) => formatZonedSpan({ from: noon + 500, to: noon + 1000 * seconds }, 'utc');
  expect(span(3600)).toBe('2026-11-21 12:00 – 13:00 UTC');
  expect(span(61)).toBe('2026-11-21 12:00 – 12:01:01 UTC');
});

it.each([
  [['attic', '1h'], 'attic-1h.png'],
  [['../../etc/passwd', '1h'], 'etc-passwd-1h.png'],
  [['Küche <b', '7d'], 'Küche-b-7d.png'],
  [['', '?'], 'stats.png'],
  [['x'.repeat(500)], `${'x'.repeat(100)}.png`],
])('a file of %j is called %s', (parts, name) => {
  expect(fileName(parts, 'png')).toBe(name);
});

it('a name for a file costs no more than the length of a sensor', async () => {
  for (const sign of ['-', '.', '/', '-x'])
    expect(
      await growsLess(
        {
          make: (length) => `x${sign.repeat(length)}x`,
          work: (sensor) => fileName([sensor], 'png'),
          length: 1 << 13,
        },
        9,
      ),
    ).toBe(true);
});
