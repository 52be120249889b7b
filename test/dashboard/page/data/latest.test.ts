import { describe, expect, it } from 'vitest';
import { latestOf } from '../../../../src/dashboard/page/data/latest.ts';
import { entry, now } from '../entries.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const hour = entry('1h', now - 0.5 * HOUR, now + 0.5 * HOUR);

describe('the latest value', () => {
  it('is the last reading of the rolling window', () => {
    const entries = [hour, entry('all', now - HOUR, now - 12_000, 20.5)];
    expect(latestOf(entries, now, 'utc')).toEqual({
      ...{ value: 20.5, decimals: 1, age: 'as of 12 s ago', isLate: false, row: entries[1]?.latest },
    });
  });

  it('is an average where nothing else is known', () => {
    expect(latestOf([hour], now, 'utc')).toMatchObject({
      value: 20.25,
      age: 'average since 12:00',
      isLate: false,
    });
  });

  it('is as old as words can say', () => {
    const old = entry('1h', now - 2776 * 24 * HOUR - HOUR, now - 2776 * 24 * HOUR);
    expect(latestOf([old], now, 'utc')?.age).toBe('late: 7 y 7 mo ago');
  });

  it('is late, also while the hour goes on', () => {
    const entries = [hour, entry('all', now - HOUR, now - 20 * MINUTE, 20.5)];
    expect(latestOf(entries, now, 'utc')).toMatchObject({ age: 'late: 20 min ago', isLate: true });
  });

  it('is of the clock hour when the rolling window ended before that', () => {
    const entries = [hour, entry('all', now - 3 * HOUR, now - 2 * HOUR, 20.5)];
    expect(latestOf(entries, now, 'utc')?.age).toBe('average since 12:00');
  });

  it('is of the shortest of the windows that began last, and not of a day that goes on', () => {
    const day = entry('1d', now - 12 * HOUR, now + 12 * HOUR);
    const minute = entry('1m', now - 2 * MINUTE, now - MINUTE);
    expect(latestOf([day, hour, minute], now, 'utc')?.age).toBe('average, as of 1 min ago');
    const midnight = [entry('1d', now, now + 24 * HOUR), entry('1h', now, now + HOUR), day];
    expect(latestOf(midnight, now, 'utc')?.age).toBe('average since 12:30');
  });

  it('is as old as the last reading where the rows say when it was, whatever goes on', () => {
    const ago = (entryOf: typeof hour, ms: number) => ({ ...entryOf, lastTime: now - ms });
    const day = entry('1d', now - 12 * HOUR, now + 12 * HOUR, 20.5);
    expect(latestOf([ago(day, 20_000)], now, 'utc')?.age).toBe('as of 20 s ago');
    const dead = [ago(day, 5 * HOUR), ago(entry('1m', now - 5 * HOUR - MINUTE, now - 5 * HOUR), 5 * HOUR)];
    expect(latestOf(dead, now, 'utc')).toMatchObject({ age: 'late: 5 h ago', isLate: true });
  });

  it('is of the series that still gets readings', () => {
    const minute = { ...entry('1m', now - HOUR, now - HOUR + MINUTE, 19), lastTime: now - HOUR + 50_000 };
    const day = { ...entry('1d', now - 12 * HOUR, now + 12 * HOUR, 21), lastTime: now - 30_000 };
    expect(latestOf([minute, day], now, 'utc')).toMatchObject({ value: 21, age: 'as of 30 s ago' });
    expect(latestOf([{ ...day, lastTime: minute.lastTime }, minute], now, 'utc')?.value).toBe(19);
  });

  it('is not there without rows', () => {
    expect(latestOf([], now, 'utc')).toBeUndefined();
  });
});
