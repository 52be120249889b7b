/** Converts rows of a ledger's tables to records, and back: NULL is undefined. */

import { ImpossibleTime, type LedgerFile } from './ledger-file.ts';
import type { Rows, Run, TaskRow, ToolReport, TryRow } from './records.ts';

/** The columns of `run` for `toRun`. */
export const RUN_COLUMNS = `run, job, "trigger", scheduled, repeat, data_start AS dataStart, data_end AS dataEnd, count, state, reason,
  tries, queued, start, "end", retry_at AS retryAt, status, rows_in, rows_out, rejected, env, is_of_now, graph, runner`;

/** SQL condition of unfinished runs. Use it verbatim: the partial index run_unfinished has it. */
export const UNFINISHED = `state IN ('queued', 'running', 'up_for_retry')`;

/** The columns of `task` for `toTask`. */
export const TASK_COLUMNS = `run, task, position, split, item, state, reason, hash, tries, queued, start, "end", retry_at AS retryAt,
  status, rows_in, rows_out, rejected`;

/** A row as SQLite returns it. */
export type SqlRow = Readonly<Record<string, string | number | null>>;

/** The range of Date, in milliseconds before and after 1970. */
const LAST_TIME = 8.64e15;

/** A time, in epoch milliseconds. @throws ImpossibleTime */
export function timeOf(value: number): number {
  if (Math.abs(value) <= LAST_TIME) return value;
  throw new ImpossibleTime(`no time: ${value}`);
}

/** Null is undefined. @throws ImpossibleTime */
export function maybeTime(value: number | null): number | undefined {
  return value === null ? undefined : timeOf(value);
}

/** Null is undefined. The columns must match the members of the type. */
export function fromSql<Type>(row: SqlRow): Type {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as Type;
}

type Nullable<Type> = {
  readonly [Name in keyof Type]: undefined extends Type[Name]
    ? Exclude<Type[Name], undefined> | null
    : Type[Name];
};

type RowsColumns = { readonly [Name in 'rows_in' | 'rows_out' | 'rejected']: number | null };

/** A row of `run` with RUN_COLUMNS. */
export type RunColumns = Nullable<Omit<Run, 'rows' | 'env' | 'isOfNow'>> &
  RowsColumns & { readonly env: string | null; readonly is_of_now: number };

/** A row of `task` with TASK_COLUMNS. */
type TaskColumns = Nullable<Omit<TaskRow, 'rows'>> & RowsColumns;

/** Member by member, for speed: lists have thousands of runs. */
export function toRun(row: RunColumns): Run {
  return {
    run: row.run,
    job: row.job,
    trigger: row.trigger,
    scheduled: timeOf(row.scheduled),
    repeat: row.repeat ?? undefined,
    dataStart: timeOf(row.dataStart),
    dataEnd: timeOf(row.dataEnd),
    count: row.count,
    state: row.state,
    queued: timeOf(row.queued),
    ...progressOf(row),
    env: envOf(row.env),
    isOfNow: row.is_of_now === 1,
    graph: row.graph ?? undefined,
    runner: row.runner ?? undefined,
  };
}

/** As `toRun`. */
export function toTask(row: TaskColumns): TaskRow {
  return {
    run: row.run,
    task: row.task,
    position: row.position,
    split: row.split ?? undefined,
    item: row.item ?? undefined,
    hash: row.hash,
    state: row.state,
    queued: maybeTime(row.queued),
    ...progressOf(row),
  };
}

type Progress = Pick<Run & TaskRow, 'reason' | 'tries' | 'start' | 'end' | 'retryAt' | 'status' | 'rows'>;

/** The members that runs and tasks have in common. */
function progressOf(row: Nullable<Omit<Progress, 'rows'>> & RowsColumns): Progress {
  const { rejected } = row;
  return {
    reason: row.reason ?? undefined,
    tries: row.tries,
    start: maybeTime(row.start),
    end: maybeTime(row.end),
    retryAt: maybeTime(row.retryAt),
    status: row.status ?? undefined,
    rows:
      rejected === null
        ? undefined
        : { in: row.rows_in ?? undefined, out: row.rows_out ?? undefined, rejected },
  };
}

/** Values of the columns `rows_in`, `rows_out` and `rejected`. */
export function rowsToSql(rows: Rows | undefined): (number | null)[] {
  return [rows?.in ?? null, rows?.out ?? null, rows?.rejected ?? null];
}

/** The value of a column `env`; empty for NULL. */
export function envOf(json: SqlRow[string] | undefined): Readonly<Record<string, string>> {
  return typeof json === 'string' ? JSON.parse(json) : {};
}

export function envToSql(env: Readonly<Record<string, string>> = {}): string | null {
  return Object.keys(env).length === 0 ? null : JSON.stringify(env);
}

/** @throws the library's error */
export function runOf({ sql }: LedgerFile, run: number): Run | undefined {
  const row = sql(`SELECT ${RUN_COLUMNS} FROM run WHERE run = ?`).get(run);
  return row === undefined ? undefined : toRun(row);
}

/** The tries of a run, or of one of its tasks, by task and number. @throws the library's error */
export function triesOf({ sql }: LedgerFile, run: number, task?: string): TryRow[] {
  const rows = sql(
    `SELECT run, task, number, state, reason, status, signal, start, "end", cpu_seconds AS cpuSeconds, peak_bytes AS peakBytes
     FROM try WHERE run = ?${task === undefined ? '' : ' AND task = ?'} ORDER BY task, number`,
  ).all(...(task === undefined ? [run] : [run, task]));
  return rows.map((row) => ({
    ...fromSql<TryRow>(row),
    ...{ start: maybeTime(row.start), end: maybeTime(row.end) },
  }));
}

/** The reports of a run's tools, with their tries. @throws the library's error */
export function reportsOf(
  { sql }: LedgerFile,
  run: number,
): (ToolReport & Pick<TryRow, 'task' | 'number'>)[] {
  const rows = sql(
    `SELECT task, number, tool, rows_in AS "in", rows_out AS out, rejected, ms, status
     FROM report WHERE run = ? ORDER BY task, number, position`,
  ).all(run);
  return rows.map((row) => fromSql<ToolReport & Pick<TryRow, 'task' | 'number'>>(row));
}
