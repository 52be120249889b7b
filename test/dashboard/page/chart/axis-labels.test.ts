import { describe, expect, it } from 'vitest';
import { timeLabels, valueLabels, valueRange } from '../../../../src/dashboard/page/chart/axis-labels.ts';

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
    expect(valueRange(20, 20)).toEqual([19.5, 20.5]);
    expect(valueRange(null, null)).toEqual([0, 1]);
    const [low, high] = valueRange(0, 100);
    expect([low, high]).toEqual([-8, 108]);
  });

  it('have as many decimals as values need that are so close', () => {
    expect(valueLabels([20, 20.5, 21], 0.5)).toEqual(['20.0', '20.5', '21.0']);
    expect(valueLabels([-10, 0], 10)).toEqual(['−10', '0']);
  });
});
