import { describe, expect, it } from 'vitest';
import {
  extent,
  merge,
  sensorsOf,
  shownSensors,
  windowLabel,
  windowsOf,
} from '../../../../src/dashboard/page/data/catalog.ts';
import { parseView } from '../../../../src/dashboard/page/data/view.ts';
import { entry, now } from '../entries.ts';

const HOUR = 3_600_000;
const hour = entry('1h', now - 0.5 * HOUR, now + 0.5 * HOUR);

describe('the catalog', () => {
  const entries = [entry('1d', 0, 24 * HOUR), hour, entry('all', 0, HOUR)];

  it('has the rolling window first', () => {
    expect(windowsOf(entries)).toEqual(['all', '1h', '1d']);
    expect(['1h', '1y', '15m', 'constructor'].map((window) => windowLabel(window, entries))).toEqual([
      ...['Clock hours', 'Years', '15m', 'constructor'],
    ]);
    expect(windowLabel('all', entries)).toBe('Rolling hour');
    expect(windowLabel('all', [entry('all', 0, 4 * HOUR)])).toBe('Rolling 4 h');
    expect(windowLabel('15m', entries)).toBe('15m');
  });

  it('takes over what has changed', () => {
    const changed = entry('1h', now, now + HOUR);
    const other = { ...hour, sensor: 'a "b"' };
    expect(merge([hour], [changed, other])).toEqual([other, changed]);
  });

  it('filters by the name', () => {
    const many = ['Attic', 'cellar', 'roof'].map((sensor) => ({ ...hour, sensor }));
    expect(shownSensors(many, parseView(''), ' AT ')).toEqual(['Attic']);
    expect(shownSensors(many, parseView('sensor=gone'), 'x')).toEqual(['gone']);
  });

  it('reaches from the first to the last row of a window and its sensors', () => {
    const early = { ...hour, from: 1, to: 2 };
    const late = { ...hour, sensor: 'roof', from: 2, to: 9 };
    expect(sensorsOf([early, early, late])).toEqual(['attic', 'roof']);
    expect(extent([early, late], '1h', ['attic', 'roof'])).toEqual({ from: 1, to: 9 });
    expect(extent([early, late], '1h', ['roof'])).toEqual({ from: 2, to: 9 });
    expect(extent([early, late], '1d', ['roof'])).toBeUndefined();
    expect(extent([early, { ...late, window: '1d' }], undefined, ['attic', 'roof'])).toEqual({
      from: 1,
      to: 9,
    });
  });
});
