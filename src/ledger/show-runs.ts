/** Runs, tasks and tries as rows: complete for programs, condensed for people. */

import type { Column, Row } from '../lines/format-rows.ts';
import { showDuration } from '../readings/duration.ts';
import { formatTime } from '../readings/time.ts';
import type { ListedRun } from './history.ts';
import type { ItemCounts } from './read-tasks.ts';
import type { Rows, Run, TaskRow, TaskState, ToolReport, TryRow } from './records.ts';

const NUMBERS = new Set(['run', 'try', 'status', 'in', 'out', 'rejected', 'tasks', 'ms']);
const DURATIONS = new Set(['late', 'took', 'cpu', 'memory']);

function columnsOf(names: string): readonly Column[] {
  return names
    .split(' ')
    .map((name) => ({ name, type: NUMBERS.has(name) || DURATIONS.has(name) ? 'number' : 'text' }));
}

/** For `runRow`, `untriedRow` and `tryRow`. */
export const runColumns = columnsOf(
  'run job task trigger state reason try status scheduled start end in out rejected',
);
/** For `shortRow`. */
export const shortColumns = columnsOf('run job scheduled state reason try status late took in out rejected');
/** For `taskRow`. */
export const taskColumns = columnsOf('task state reason try status start took in out rejected items');
/** For `shortTryRow`. */
export const shortTryColumns = columnsOf('task try state reason status signal start took cpu memory log');
/** For `reportRow`. */
export const reportColumns = columnsOf('task try tool in out rejected status took');

/** A run for programs. */
export function runRow(run: Omit<ListedRun, 'state' | 'queued'> & { readonly state: TaskState }): Row {
  const { job, task, trigger, state, reason, tries, status, scheduled, start, end, rows } = run;
  return [
    ...[String(run.run), job, task, trigger, state, reason ?? '', tries === 0 ? '' : String(tries)],
    ...[text(status), formatTime(scheduled), time(start), time(end), ...rowsText(rows)],
  ];
}

/** A task without a try, in the columns of a run. */
export function untriedRow(run: Run, task: TaskRow): Row {
  return runRow({ ...run, ...task });
}

/** A try in the columns of a run. */
export function tryRow(run: Run, one: TryRow, rows: Rows | undefined): Row {
  const { task, number, state, reason, status, start, end } = one;
  return [
    ...[String(run.run), run.job, task, run.trigger, state, reason ?? '', String(number)],
    ...[text(status), formatTime(run.scheduled), time(start), time(end), ...rowsText(rows)],
  ];
}

/** A run for people. @param now counts as the end of a running one */
export function shortRow(run: ListedRun, now: number): Row {
  const { job, state, reason, tries, status, scheduled, start, end, rows, count } = run;
  const why = [reason, count > 1 ? `(${count})` : undefined].filter((word) => word !== undefined).join(' ');
  return [
    ...[String(run.run), job, formatTime(scheduled), state, why, tries === 0 ? '' : String(tries)],
    ...[text(status), tookBetween(scheduled, start), tookBetween(start, endOf(state, end, now))],
    ...rowsText(rows),
  ];
}

/** A task for people. @param items for a split task, the number of items in each state */
export function taskRow(row: TaskRow, items: ItemCounts | undefined, now: number): Row {
  const { task, state, reason, tries, status, start, end, rows } = row;
  const counts = Object.entries(items ?? {}).map(([name, count]) => `${count} ${name}`);
  return [
    ...[task, state, reason ?? '', tries === 0 ? '' : String(tries), text(status), time(start)],
    ...[tookBetween(start, endOf(state, end, now)), ...rowsText(rows), counts.join(', ')],
  ];
}

export function shortTryRow(one: TryRow, log: string, now: number): Row {
  const { task, number, state, reason, status, signal, start, end, cpuSeconds, peakBytes } = one;
  return [
    ...[task, String(number), state, reason ?? '', text(status), signal ?? '', time(start)],
    ...[
      tookBetween(start, endOf(state, end, now)),
      cpuSeconds === undefined ? '' : `${cpuSeconds.toFixed(2)}s`,
    ],
    ...[peakBytes === undefined ? '' : `${(peakBytes / 2 ** 20).toFixed(1)}M`, log],
  ];
}

export function reportRow(report: ToolReport & Pick<TryRow, 'task' | 'number'>): Row {
  const { task, number, tool, status, ms } = report;
  const counts = [report.in, report.out, report.rejected].map(text);
  return [task, String(number), tool, ...counts, String(status), showDuration(Math.round(ms))];
}

/** A running one lasts until now. */
function endOf(state: string, end: number | undefined, now: number): number | undefined {
  return state === 'running' ? now : end;
}

function tookBetween(from: number | undefined, to: number | undefined): string {
  return from === undefined || to === undefined ? '' : showTook(to - from);
}

/** A duration rounded for people: `0.123s`, `1.2s`, `1m5s`. Negative when the clock was set back. */
export function showTook(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(ms < 1000 ? 3 : 1)}s`;
  return showDuration(Math.round(ms / 1000) * 1000);
}

function rowsText(rows: Rows | undefined): Row {
  return [rows?.in, rows?.out, rows?.rejected].map(text);
}

function text(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

function time(at: number | undefined): string {
  return at === undefined ? '' : formatTime(at);
}
