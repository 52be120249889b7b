import { describe, expect, it } from 'vitest';
import {
  barsOf,
  columnsOf,
  columnsThatFit,
  columnsToAsk,
  daysOf,
  labelsOf,
  olderThan,
} from '../../../../../src/dashboard/page/runs/grid/columns.ts';
import type { GridJson, RunJson } from '../../../../../src/dashboard/page/runs/runs-json.ts';
import { at, BEGIN, run, task } from '../run-fixtures.ts';

const NOW = BEGIN + 20_000;

function took(...seconds: readonly number[]): RunJson[] {
  return seconds.map((each, number) => run(number + 1, { start: each === 0 ? null : at(0), end: at(each) }));
}

function grid(numbers: readonly number[], next: number | null): GridJson {
  return {
    now: at(20),
    tasks: ['load'],
    runs: numbers.map((each) => run(each)),
    cells: numbers.map(() => [task('load')]),
    next,
  };
}

describe('columns of the grid', () => {
  it('are as many as fit, and asked for in tens', () => {
    expect([0, 220, 1_000, 100_000].map(columnsThatFit)).toEqual([6, 10, 45, 100]);
    expect([6, 10, 45, 100].map(columnsToAsk)).toEqual([10, 10, 50, 100]);
  });

  it('have the newest run at the end, and go on before the oldest that is shown', () => {
    const five = grid([9, 8, 7, 6, 5], 5);
    expect(columnsOf(five, 3).map((column) => column.run.run)).toEqual([7, 8, 9]);
    expect(olderThan(five, 3)).toBe(7);
    expect(olderThan(five, 5)).toBe(5);
    expect(olderThan(grid([2, 1], null), 5)).toBeUndefined();
  });

  it('have bars by how long a run took, of which one that took much longer does not flatten the others', () => {
    const even = barsOf(took(10, 5, 0), NOW);
    expect(even).toEqual({
      full: 10_000,
      bars: [10, 5, 0].map((each) => ({ height: each / 10, isCut: false })),
    });
    const { full, bars } = barsOf(took(10, 10, 10, 4_000), NOW);
    expect(full).toBe(40_000);
    expect(bars.map(({ height, isCut }) => [height, isCut])).toEqual([
      ...[0, 1, 2].map(() => [0.25, false]),
      [1, true],
    ]);
    expect(barsOf(took(0, 0), NOW).bars.map(({ height }) => height)).toEqual([0, 0]);
    expect(barsOf([run(1, { end: null })], NOW).full).toBe(20_000);
  });

  it('have times above them, and the day where it changes', () => {
    const hours = [21, 22, 23, 24, 25, 26, 27, 28, 29].map((hour, number) =>
      run(number, { scheduled: at((hour - 14) * 3600) }),
    );
    expect(labelsOf(hours, 'utc')).toEqual([
      { text: '21:00\n29 Nov 2026', columns: 4 },
      { text: '01:00\n30 Nov', columns: 4 },
      { text: '', columns: 1 },
    ]);
    expect(daysOf(hours, 'utc')).toBe('2026-11-29 – 2026-11-30');
    expect(daysOf([], 'utc')).toBe('');
  });
});
