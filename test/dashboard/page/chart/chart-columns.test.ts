import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lonely, toColumns } from '../../../../src/dashboard/page/chart/chart-columns.ts';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';
import { hours, rolling, row } from '../page-rows.ts';

const celsius = displayOf('°C', 'C');

describe('columns', () => {
  it('make a step of each window that does not overlap', () => {
    const [times, highs] = toColumns(hours(2), celsius);
    expect(times).toEqual([0, 100, 101, 200]);
    expect(highs).toEqual([21, 21, 21, 21]);
  });

  it('make a point of each rolling window', () => {
    expect(toColumns(rolling(3), displayOf('°C', 'F'))).toEqual([
      [0, 10, 20],
      [69.8, 69.8, 69.8],
      [66.2, 66.2, 66.2],
      [68, 68, 68],
    ]);
  });

  it('have no values of what is left out', () => {
    const none = [null, null, null, null];
    expect(toColumns(hours(2), celsius, ['band'])).toEqual([
      [0, 100, 101, 200],
      none,
      none,
      [20, 20, 20, 20],
    ]);
    expect(toColumns(hours(2), celsius, ['average'])[3]).toEqual(none);
  });

  it('end a line at a gap', () => {
    const [times, , , averages] = toColumns([row(0, 100), row(500, 600, { gap: true })], celsius);
    expect(times).toEqual([0, 100, 300, 500, 600]);
    expect(averages).toEqual([20, 20, null, 20, 20]);
  });

  it('ascend whatever the rows are, and are of one length', () => {
    const rows = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.boolean()));
    fc.assert(
      fc.property(rows, (stretches) => {
        const [times, ...values] = toColumns(
          stretches.map(([start, end, gap]) => row(start, end, { gap })),
          celsius,
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
