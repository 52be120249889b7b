/** The rows of a Gantt chart: when each task of a run was queued, tried, and waiting for its next try. */

import type { RunDetailJson, TaskJson, TaskState, TryJson } from '../runs-json.ts';
import { timeOf } from '../words/moments.ts';

/** A bar of a task, with its time span in epoch ms. */
export interface Bar {
  /** `pause` is the delay before a retry. */
  readonly kind: 'queued' | 'try' | 'pause';
  readonly from: number;
  readonly to: number;
  /** The state of a try. */
  readonly state: TaskState;
}

export interface GanttRow {
  readonly task: TaskJson;
  readonly bars: readonly Bar[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A row per task, sorted by start; tasks that have not started come last, in order. */
export function rowsOf(
  { tasks, attempts }: Pick<RunDetailJson, 'tasks' | 'attempts'>,
  now: number,
): readonly GanttRow[] {
  const tries = new Map<string, TryJson[]>();
  for (const attempt of attempts) {
    const list = tries.get(attempt.task) ?? [];
    tries.set(attempt.task, list);
    list.push(attempt);
  }
  const rows = tasks.map((task) => ({ task, bars: barsOf(task, tries.get(task.task) ?? [], now) }));
  const begin = ({ bars, task }: GanttRow) => bars[0]?.from ?? timeOf(task.end) ?? Number.POSITIVE_INFINITY;
  return rows.toSorted((a, b) => (begin(a) === begin(b) ? 0 : begin(a) - begin(b)));
}

function barsOf(task: TaskJson, attempts: readonly TryJson[], now: number): readonly Bar[] {
  const tried = attempts.length > 0 ? attempts : [{ ...task, state: task.state }];
  const bars: Bar[] = [];
  let before = timeOf(task.queued);
  let kind: Bar['kind'] = 'queued';
  for (const { start, end, state } of tried) {
    const from = timeOf(start);
    if (from === undefined) continue;
    if (before !== undefined && from > before) bars.push({ kind, from: before, to: from, state: 'queued' });
    const to = Math.max(from, timeOf(end) ?? now);
    bars.push({ kind: 'try', from, to, state });
    [before, kind] = [to, 'pause'];
  }
  const waits = task.state === 'queued' || task.state === 'up_for_retry';
  if (waits && before !== undefined && now > before)
    bars.push({ kind, from: before, to: now, state: 'queued' });
  return bars;
}

/** The time span of a run; until now if it is unfinished. */
export function spanOf(
  run: Pick<RunDetailJson, 'queued' | 'start' | 'end' | 'state'>,
  rows: readonly GanttRow[],
  now: number,
): Span {
  const bars = rows.flatMap((row) => row.bars);
  const from = Math.min(timeOf(run.start) ?? Date.parse(run.queued), ...bars.map((bar) => bar.from));
  const isOver = run.end !== null && run.state !== 'up_for_retry';
  const end = isOver ? (timeOf(run.end) ?? now) : now;
  // At least 100 ms wide, or a short run would have no width.
  return { from, to: Math.max(from + 100, end, ...bars.map((bar) => bar.to)) };
}
