import { describe, expect, it } from 'vitest';
import {
  chosenWindow,
  merge,
  shownSensors,
  windowLabel,
  windowsOf,
} from '../../../../src/dashboard/page/data/catalog.ts';
import { latestOf } from '../../../../src/dashboard/page/data/latest.ts';
import type { Entry } from '../../../../src/dashboard/page/data/series-json.ts';
import { parseView } from '../../../../src/dashboard/page/data/view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = Date.UTC(2026, 10, 21, 12, 30);

function entry(window: string, start: number, end: number, last?: number): Entry {
  const further = last === undefined ? [] : [['last', last] as const];
  const latest = {
    start,
    end,
    count: 60,
    min: 19.5,
    max: 21,
    avg: 20.25,
    missing: undefined,
    rows: 1,
    gap: false,
  };
  const every = window === 'all' ? MINUTE : HOUR;
  return { sensor: 'attic', window, rows: 9, from: start, to: end, every, latest: { ...latest, further } };
}

const hour = entry('1h', now - 0.5 * HOUR, now + 0.5 * HOUR);

describe('the latest value', () => {
  it('is the last reading of the rolling window', () => {
    const entries = [hour, entry('all', now - HOUR, now - 12_000, 20.5)];
    expect(latestOf(entries, now, 'utc')).toEqual({
      ...{ value: 20.5, decimals: 1, age: 'as of 12 s ago', isLate: false },
    });
  });

  it('is an average where nothing else is known', () => {
    expect(latestOf([hour], now, 'utc')).toMatchObject({
      value: 20.25,
      age: 'average since 12:00',
      isLate: false,
    });
  });

  it('is late, also while the hour goes on', () => {
    const entries = [hour, entry('all', now - HOUR, now - 20 * MINUTE, 20.5)];
    expect(latestOf(entries, now, 'utc')).toMatchObject({ age: 'late: 20 min ago', isLate: true });
  });

  it('is of the clock hour when the rolling window ended before that', () => {
    const entries = [hour, entry('all', now - 3 * HOUR, now - 2 * HOUR, 20.5)];
    expect(latestOf(entries, now, 'utc')?.age).toBe('average since 12:00');
  });

  it('is not there without rows', () => {
    expect(latestOf([], now, 'utc')).toBeUndefined();
  });
});

describe('the catalog', () => {
  const entries = [entry('1d', 0, 24 * HOUR), hour, entry('all', 0, HOUR)];

  it('has the rolling window first, and clock hours at first', () => {
    expect(windowsOf(entries)).toEqual(['all', '1h', '1d']);
    expect(chosenWindow(entries, undefined)).toBe('1h');
    expect(chosenWindow(entries, '1d')).toBe('1d');
    expect(chosenWindow(entries, '7d')).toBe('1h');
    expect(chosenWindow([], '7d')).toBeUndefined();
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
});
