import { expect, it } from 'vitest';
import { fittingWindow } from '../../../../src/dashboard/page/data/fitting-window.ts';
import type { Entry } from '../../../../src/dashboard/page/data/series-json.ts';
import { entry, now } from '../entries.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A series that has been there for so many days. */
function series(window: string, lengthMs: number, days: number, more: Partial<Entry> = {}): Entry {
  return { ...entry(window, now - lengthMs, now), from: now - days * DAY, every: lengthMs, ...more };
}

const minutes = series('1m', MINUTE, 500);
const hours = series('1h', HOUR, 500);
const days = series('1d', DAY, 500);
const rolling = series('all', HOUR, 500, { every: MINUTE });
const last = (length: number) => ({ from: now - length, to: now });

it.each([
  [HOUR, '1m'],
  [DAY, '1m'],
  [7 * DAY, '1h'],
  [30 * DAY, '1h'],
  [365 * DAY, '1d'],
  [10_000 * DAY, '1d'],
])('%i ms are shown in windows of %s', (length, window) => {
  expect(fittingWindow([days, rolling, minutes, hours], last(length))).toBe(window);
});

it('the longest there is has to do, and a rolling one where there is no other', () => {
  expect(fittingWindow([minutes], last(365 * DAY))).toBe('1m');
  expect(fittingWindow([rolling], last(365 * DAY))).toBe('all');
  expect(fittingWindow([], last(DAY))).toBeUndefined();
});

it('what is kept for a few days only is not taken where it says little', () => {
  const kept = series('1m', MINUTE, 3);
  const past = { from: now - 20 * DAY, to: now - 19.5 * DAY };
  expect(fittingWindow([kept, hours], last(DAY))).toBe('1m');
  expect(fittingWindow([kept, hours], past)).toBe('1h');
  // Where there is nothing at all, nothing says little.
  expect(fittingWindow([kept, hours], { from: now + DAY, to: now + 2 * DAY })).toBe('1m');
});

it('of several sensors the one with the most rows counts', () => {
  const often = { ...minutes, sensor: 'often', every: MINUTE / 60 };
  expect(fittingWindow([minutes, often, hours], last(DAY))).toBe('1h');
});
