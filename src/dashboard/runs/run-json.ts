/** Runs, tasks and tries as JSON for the page. */

import type { ItemCounts } from '../../ledger/read-tasks.ts';
import type { Rows, Run, TaskRow, TryRow } from '../../ledger/records.ts';
import { formatTime } from '../../readings/time.ts';
import type { RowsJson, RunJson, TaskJson, TryJson } from '../page/runs/runs-json.ts';

export function runJson(run: Run): RunJson {
  return {
    run: run.run,
    job: run.job,
    trigger: run.trigger,
    state: run.state,
    reason: run.reason ?? null,
    scheduled: formatTime(run.scheduled),
    dataStart: formatTime(run.dataStart),
    dataEnd: formatTime(run.dataEnd),
    count: run.count,
    queued: formatTime(run.queued),
    start: timeJson(run.start),
    end: timeJson(run.end),
    retryAt: timeJson(run.retryAt),
    tries: run.tries,
    status: run.status ?? null,
    rows: rowsJson(run.rows),
    env: run.env,
    graph: run.graph ?? null,
    runner: run.runner === undefined ? 'schedule' : 'run-tasks',
  };
}

/** @param items of a split task */
export function taskJson(task: TaskRow, items: ItemCounts | undefined): TaskJson {
  return {
    task: task.task,
    state: task.state,
    reason: task.reason ?? null,
    tries: task.tries,
    status: task.status ?? null,
    queued: timeJson(task.queued),
    start: timeJson(task.start),
    end: timeJson(task.end),
    retryAt: timeJson(task.retryAt),
    rows: rowsJson(task.rows),
    item: task.item ?? null,
    items: items ?? null,
  };
}

/** A run of a crontab line, as a task. */
export function lineJson(run: Run): TaskJson {
  const { state, reason, tries, status, queued, start, end, retryAt, rows } = runJson(run);
  return {
    ...{ task: run.job, state, reason, tries, status, queued, start, end, retryAt, rows },
    ...{ item: null, items: null },
  };
}

export function tryJson(one: TryRow): TryJson {
  return {
    task: one.task,
    number: one.number,
    state: one.state,
    reason: one.reason ?? null,
    status: one.status ?? null,
    signal: one.signal ?? null,
    start: timeJson(one.start),
    end: timeJson(one.end),
    cpuSeconds: one.cpuSeconds ?? null,
    peakBytes: one.peakBytes ?? null,
  };
}

/** RFC 3339. */
export function timeJson(time: number | undefined): string | null {
  return time === undefined ? null : formatTime(time);
}

function rowsJson(rows: Rows | undefined): RowsJson | null {
  return rows === undefined ? null : { in: rows.in ?? null, out: rows.out ?? null, rejected: rows.rejected };
}
