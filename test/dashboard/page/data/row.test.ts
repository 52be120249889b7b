import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lonely, toColumns } from '../../../../src/dashboard/page/chart/chart-columns.ts';
import {
  firstEndingAt,
  overlap,
  type Row,
  rowAt,
  rowsIn,
  toRow,
  total,
} from '../../../../src/dashboard/page/data/row.ts';

function row(start: number, end: number, more: Partial<Row> = {}): Row {
  return {
    ...{
      start,
      end,
      count: 60,
      min: 19,
      max: 21,
      avg: 20,
      missing: undefined,
      rows: 1,
      gap: false,
      further: [],
    },
    ...more,
  };
}

/** Hour after hour, each 100 long. */
const hours = (count: number) => Array.from({ length: count }, (_, at) => row(at * 100, at * 100 + 100));
/** Rolling windows that end every 10. */
const rolling = (count: number) => Array.from({ length: count }, (_, at) => row(at * 10 - 100, at * 10));

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
    expect(total([...rows, none])).toEqual({ min: 5, max: 30, avg: 12.5, count: 40 });
    expect(total([none])).toEqual({ min: null, max: null, avg: null, count: 0 });
  });
});

describe('columns', () => {
  it('make a step of each window that does not overlap', () => {
    const [times, highs] = toColumns(hours(2), 'C');
    expect(times).toEqual([0, 100, 101, 200]);
    expect(highs).toEqual([21, 21, 21, 21]);
  });

  it('make a point of each rolling window', () => {
    expect(overlap(rolling(3))).toBe(true);
    expect(toColumns(rolling(3), 'F')).toEqual([
      [0, 10, 20],
      [69.8, 69.8, 69.8],
      [66.2, 66.2, 66.2],
      [68, 68, 68],
    ]);
  });

  it('end a line at a gap', () => {
    const [times, , , averages] = toColumns([row(0, 100), row(500, 600, { gap: true })], 'C');
    expect(times).toEqual([0, 100, 300, 500, 600]);
    expect(averages).toEqual([20, 20, null, 20, 20]);
  });

  it('ascend whatever the rows are, and are of one length', () => {
    const rows = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.boolean()));
    fc.assert(
      fc.property(rows, (stretches) => {
        const [times, ...values] = toColumns(
          stretches.map(([start, end, gap]) => row(start, end, { gap })),
          'C',
        );
        expect(times.every((time, at) => at === 0 || time > (times[at - 1] ?? 0))).toBe(true);
        expect(values.every(({ length }) => length === times.length)).toBe(true);
      }),
    );
  });

  it('need a dot where a value has no neighbour', () => {
    expect(lonely([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(lonely([undefined, 1, undefined, undefined, null, undefined, 2, undefined])).toEqual([1, 6]);
    expect(lonely([1, undefined, 2])).toEqual([]);
    expect(lonely([])).toEqual([]);
  });
});
