/** How long runs and their tasks took, run by run, the oldest first. */

import type { GridJson, RunJson, TaskJson } from '../runs-json.ts';
import { timeOf } from '../words/moments.ts';

type Values = readonly (number | null)[];

/** Of a task, or of runs as a whole; values by run, null where there is none. */
export interface DurationSeries {
  /** Undefined for runs as a whole. */
  readonly task: string | undefined;
  /** Seconds of what has ended. */
  readonly took: Values;
  readonly rowsIn: Values;
  readonly rowsOut: Values;
  readonly failed: readonly boolean[];
  /** Seconds; of what succeeded, null before the first. */
  readonly median: number | null;
}

/** That of the runs first, then of the tasks in their order. */
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

/** The tasks that took longest, by their medians. */
export function slowest(all: readonly DurationSeries[], count: number): readonly string[] {
  return byMedian(all)
    .slice(0, count)
    .flatMap(({ task, median }) => (task === undefined || median === null ? [] : [task]));
}

/** The series of tasks, the slowest first. */
export function byMedian(all: readonly DurationSeries[]): readonly DurationSeries[] {
  return all.filter(({ task }) => task !== undefined).toSorted((a, b) => (b.median ?? -1) - (a.median ?? -1));
}

/** The values that are shown as rows: those written, or read where nothing was. */
export function rowsOfSeries({ rowsIn, rowsOut }: DurationSeries): Values {
  return rowsOut.map((out, at) => out ?? rowsIn[at] ?? null);
}
