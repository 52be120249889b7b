import { describe, expect, it } from 'vitest';
import {
  byMedian,
  rowsOfSeries,
  seriesOf,
  slowest,
} from '../../../../../src/dashboard/page/runs/durations/series.ts';
import { at, run, task } from '../run-fixtures.ts';

const rows = (read: number | null, written: number | null) => ({ in: read, out: written, rejected: 0 });
const grid = {
  tasks: ['extract', 'load', 'new'],
  runs: [run(3, { end: at(30) }), run(2, { state: 'failed', end: at(9) }), run(1)],
  cells: [
    [
      task('extract', { rows: rows(60, null) }),
      task('load', { end: at(21), rows: rows(60, 1) }),
      task('new', { end: null }),
    ],
    [task('extract', { end: at(3) }), task('load', { state: 'failed', end: at(99) }), null],
    [task('extract', { end: at(4) }), task('load', { end: at(11) }), null],
  ],
};

describe('durations', () => {
  const all = seriesOf(grid);

  it('are those of the runs and of each task, the oldest first, of what has ended', () => {
    expect(all.map((series) => [series.task, series.took])).toEqual([
      [undefined, [10, 9, 30]],
      ['extract', [3, 2, 4]],
      ['load', [10, 98, 20]],
      ['new', [null, null, null]],
    ]);
    expect(all[2]?.failed).toEqual([false, true, false]);
  });

  it('have the median of what succeeded', () => {
    expect(all.map(({ median }) => median)).toEqual([20, 3, 15, null]);
    expect(slowest(all, 5)).toEqual(['load', 'extract']);
    expect(slowest(all, 1)).toEqual(['load']);
    expect(byMedian(all).map((series) => series.task)).toEqual(['load', 'extract', 'new']);
  });

  it('have rows: written ones, else those that were read', () => {
    expect(all.map(rowsOfSeries)).toEqual([
      [null, null, null],
      [null, null, 60],
      [null, null, 1],
      [null, null, null],
    ]);
  });
});
