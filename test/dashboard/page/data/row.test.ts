import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cursorTime,
  firstEndingAt,
  isIncomplete,
  overlap,
  rowAt,
  rowsIn,
  toRow,
  totalOf,
} from '../../../../src/dashboard/page/data/row.ts';
import { hours, rolling, row } from '../page-rows.ts';

describe('a row', () => {
  it('comes out of JSON with its further columns', () => {
    const json = {
      start: '1970-01-01T00:00:00Z',
      end: '1970-01-01T01:00:00Z',
      count: 2,
      min: 1,
      max: 3,
      avg: 2,
    };
    expect(toRow({ ...json, sensor: 'a', missing: 4, last: 2.5, note: 'x', gone: null, gap: true })).toEqual(
      row(0, 3_600_000, {
        ...{ count: 2, min: 1, max: 3, avg: 2, missing: 4, gap: true },
        further: [
          ['last', 2.5],
          ['note', 'x'],
        ],
      }),
    );
    expect(toRow({ ...json, start: null })).toMatchObject({ start: 3_600_000, end: 3_600_000 });
  });

  it('is found at a time of its window', () => {
    expect(rowAt(hours(3), 150, 0)).toEqual(row(100, 200));
    expect(rowAt(hours(3), 200, 0)).toEqual(row(100, 200));
  });

  it('of a rolling window is found near its end', () => {
    expect(rowAt(rolling(9), 24, 0)?.end).toBe(20);
    expect(rowAt(rolling(9), 26, 0)?.end).toBe(30);
  });

  it('is not found in a gap, before the first and after the last one, but near them', () => {
    const rows = [row(0, 100), row(500, 600, { gap: true })];
    expect(rowAt(rows, 300, 20)).toBeUndefined();
    expect(rowAt(rows, 110, 20)?.end).toBe(100);
    expect(rowAt(rows, 700, 20)).toBeUndefined();
    expect(rowAt([], 0, 20)).toBeUndefined();
  });

  it('that goes on at the end of a stretch is in it', () => {
    expect(rowsIn(hours(5), { from: 150, to: 350 }).map(({ end }) => end)).toEqual([200, 300, 400]);
    expect(rowsIn(hours(5), { from: 900, to: 950 })).toEqual([]);
  });

  it('is where a linear search finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(60), (ends, time) => {
        const rows = ends.sort((a, b) => a - b).map((end) => row(end - 5, end));
        const at = rows.findIndex(({ end }) => end >= time);
        expect(firstEndingAt(rows, time)).toBe(at < 0 ? rows.length : at);
      }),
    );
  });
});

describe('the total', () => {
  it('weighs averages by counts, and leaves out rows without readings', () => {
    const rows = [row(0, 1, { count: 30, avg: 10, min: 5 }), row(1, 2, { count: 10, avg: 20, max: 30 })];
    const none = row(2, 3, { count: 0, min: null, max: null, avg: null });
    expect(totalOf([...rows, none])).toEqual({ min: 5, max: 30, avg: 12.5, count: 40 });
    expect(totalOf([none])).toBeUndefined();
  });
});

describe('a cursor', () => {
  it('is in the middle of what is seen of a window, and at the end of a rolling one', () => {
    expect(overlap(rolling(3))).toBe(true);
    expect(cursorTime(hours(3), 1, 0, 300)).toBe(150);
    expect(cursorTime(hours(3), 1, 160, 180)).toBe(170);
    expect(cursorTime(rolling(9), 4, 0, 100)).toBe(40);
    expect(cursorTime([], 0, 7, 9)).toBe(7);
  });
});

it('a row lacks readings when its window is over', () => {
  const lacking = (missing: number | undefined, now: number) => isIncomplete(row(0, 100, { missing }), now);
  expect([lacking(1, 100), lacking(1, 99), lacking(0, 100), lacking(undefined, 100)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
