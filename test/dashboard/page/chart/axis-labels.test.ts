import { describe, expect, it } from 'vitest';
import { timeLabels, valueLabels, valueRange } from '../../../../src/dashboard/page/chart/axis-labels.ts';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';

const HOUR = 3_600_000;
const noon = Date.UTC(2026, 10, 21, 12);

describe('axes', () => {
  it('say the day once', () => {
    const times = [noon + 10 * HOUR, noon + 12 * HOUR, noon + 14 * HOUR];
    expect(timeLabels(times, 2 * HOUR, 'utc')).toEqual(['22:00\n21 Nov 2026', '00:00\n22 Nov', '02:00']);
    expect(timeLabels([noon], 24 * HOUR, 'utc')).toEqual(['21 Nov\n2026']);
    expect(timeLabels([noon + 5000], 5000, 'utc')).toEqual(['12:00:05\n21 Nov 2026']);
  });

  it('do not blow up a level line', () => {
    const range = (min: number | null, max: number | null, sign = '°C', limits: number[] = []) =>
      valueRange(min, max, { sign, limits });
    expect(range(20, 20)).toEqual([19.5, 20.5]);
    expect(range(null, null)).toEqual([0, 1]);
    expect(range(0, 100)).toEqual([-8, 108]);
    // Of an unknown unit a thousandth may be much.
    expect(range(0.001, 0.002, 'V').every((edge) => Math.abs(edge) < 0.003)).toBe(true);
    expect(range(0, 0, '')).toEqual([-0.5, 0.5]);
  });

  it('show limits that are near', () => {
    expect(valueRange(10, 20, { sign: '%', limits: [25, 5] })).toEqual([3.4, 26.6]);
    expect(valueRange(10, 20, { sign: '%', limits: [26, 4] })).toEqual(
      valueRange(10, 20, { sign: '%', limits: [] }),
    );
  });

  it('have as many decimals as values need that are so close', () => {
    const labels = (values: number[], apart: number, unit?: string) =>
      valueLabels(values, apart, displayOf(unit, 'C'));
    expect(labels([20, 20.5, 21], 0.5)).toEqual(['20.0', '20.5', '21.0']);
    expect(labels([-10, 0], 10, '°C')).toEqual(['−10 °C', '0 °C']);
    expect(labels([0, 500_000, 1_000_000], 500_000, 'B')).toEqual(['0.0 MB', '0.5 MB', '1.0 MB']);
    expect(labels([0, 2e15], 2e15, 'ms')).toEqual(['0 ms', '2e15 ms']);
  });
});
