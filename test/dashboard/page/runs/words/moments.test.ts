import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatShort,
  formatTook,
  startOfDay,
  timeOf,
  tookMs,
} from '../../../../../src/dashboard/page/runs/words/moments.ts';
import { at, time } from '../jobs.ts';

describe('how long something took', () => {
  it.each([
    [undefined, '–'],
    [0, '0 ms'],
    [40, '40 ms'],
    [420, '0.4 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [65_000, '1 min 5 s'],
    [3_599_499, '59 min 59 s'],
    [3_600_000, '1 h'],
    [7_800_000, '2 h 10 min'],
  ])('%s ms: %s', (ms, text) => {
    expect(formatTook(ms)).toBe(text);
  });

  it('is from the start to the end, or to now, and never below nothing', () => {
    expect(tookMs(time(1), time(3), at(9))).toBe(2000);
    expect(tookMs(time(1), null, at(9))).toBe(8000);
    expect(tookMs(null, null, at(9))).toBeUndefined();
    expect(tookMs(time(3), time(1), at(9))).toBe(0);
    expect(timeOf(null)).toBeUndefined();
  });
});

it('a moment is told from now', () => {
  expect(formatAgo(at(0), at(90))).toBe('1 min ago');
  expect(formatAgo(at(90), at(0))).toBe('in 1 min');
  expect(formatAgo(at(0), at(0.9))).toBe('now');
});

it('a time is told as short as it can be', () => {
  expect(formatShort(at(60), at(3600), 'utc')).toBe('00:01');
  expect(formatShort(at(61), at(3600), 'utc')).toBe('00:01:01');
  expect(formatShort(at(60), at(90_000), 'utc')).toBe('01-01 00:01');
  expect(formatShort(at(-60), at(60), 'utc')).toBe('2025-12-31 23:59');
});

it('a day begins in its zone, also one that is short', () => {
  expect(startOfDay('2026-02-28', 'utc', 1)).toBe(Date.UTC(2026, 2, 1));
  expect(new Date(startOfDay('2026-03-29', 'local', 1)).getHours()).toBe(0);
});
