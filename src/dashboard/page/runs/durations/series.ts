/** Durations of runs and of their tasks, oldest run first. */

import type { GridJson, RunJson, TaskJson } from '../runs-json.ts';
import { timeOf } from '../words/moments.ts';

type Values = readonly (number | null)[];

/** The values of a task, or of whole runs, by run; null where there is none. */
export interface DurationSeries {
  /** Undefined for whole runs. */
  readonly task: string | undefined;
  /** Durations in seconds; null until the end. */
  readonly took: Values;
  readonly rowsIn: Values;
  readonly rowsOut: Values;
  readonly failed: readonly boolean[];
  /** Of successful runs, in seconds; null if there are none. */
  readonly median: number | null;
}

/** The series of whole runs first, then of the tasks in order. */
export function seriesOf({
  tasks,
  runs,
  cells,
}: Pick<GridJson, 'tasks' | 'runs' | 'cells'>): readonly DurationSeries[] {
  const [oldest, columns] = [runs.toReversed(), cells.toReversed()];
  return [
    series(undefined, oldest),
    ...tasks.map((task, at) =>
      series(
        task,
        columns.map((column) => column[at] ?? null),
      ),
    ),
  ];
}

function series(task: string | undefined, values: readonly (TaskJson | RunJson | null)[]): DurationSeries {
  const took = values.map((each) => secondsOf(each));
  const good = took.filter((seconds, at) => seconds !== null && values[at]?.state === 'success');
  return {
    ...{ task, took },
    rowsIn: values.map((each) => each?.rows?.in ?? null),
    rowsOut: values.map((each) => each?.rows?.out ?? null),
    failed: values.map((each) => each?.state === 'failed'),
    median: medianOf(good.filter((seconds) => seconds !== null)),
  };
}

function secondsOf(value: TaskJson | RunJson | null): number | null {
  const [start, end] = [timeOf(value?.start ?? null), timeOf(value?.end ?? null)];
  return start === undefined || end === undefined ? null : Math.max(0, end - start) / 1000;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The names of the slowest tasks, by median. */
export function slowest(all: readonly DurationSeries[], count: number): readonly string[] {
  return byMedian(all)
    .slice(0, count)
    .flatMap(({ task, median }) => (task === undefined || median === null ? [] : [task]));
}

/** The series of tasks, slowest first. */
export function byMedian(all: readonly DurationSeries[]): readonly DurationSeries[] {
  return all.filter(({ task }) => task !== undefined).toSorted((a, b) => (b.median ?? -1) - (a.median ?? -1));
}

/** The row counts to show: rows written, or read if none were written. */
export function rowsOfSeries({ rowsIn, rowsOut }: DurationSeries): Values {
  return rowsOut.map((out, at) => out ?? rowsIn[at] ?? null);
}
