/** Rows of a ledger's tables as records. */

import type { LedgerFile } from './ledger-file.ts';
import type { Reason, Request, Run, ToolReport, TryRow } from './records.ts';

/** The columns of `run` as `toRun` takes them. */
export const RUN_COLUMNS = `run, job, "trigger", scheduled, repeat, data_start AS dataStart, data_end AS dataEnd, count, state, reason,
  tries, queued, start, "end", retry_at AS retryAt, status, rows_in, rows_out, rejected, env, is_of_now, graph, runner`;

/** A row as SQLite gives it. */
type SqlRow = Readonly<Record<string, string | number | null>>;

/** Null is undefined. The columns of the row are the members of the type. */
function fromSql<Type>(row: SqlRow): Type {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as Type;
}

/** A row of `run` with these columns. */
interface RunRow
  extends Omit<
    Run,
    | 'repeat'
    | 'reason'
    | 'start'
    | 'end'
    | 'retryAt'
    | 'status'
    | 'rows'
    | 'env'
    | 'isOfNow'
    | 'graph'
    | 'runner'
  > {
  readonly repeat: number | null;
  readonly reason: Reason | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly retryAt: number | null;
  readonly status: number | null;
  readonly rows_in: number | null;
  readonly rows_out: number | null;
  readonly rejected: number | null;
  readonly env: string | null;
  readonly is_of_now: number;
  readonly graph: string | null;
  readonly runner: string | null;
}

/** Member by member, since this is done for each of thousands. */
export function toRun(row: RunRow): Run {
  const { rejected } = row;
  return {
    run: row.run,
    job: row.job,
    trigger: row.trigger,
    scheduled: row.scheduled,
    repeat: row.repeat ?? undefined,
    dataStart: row.dataStart,
    dataEnd: row.dataEnd,
    count: row.count,
    state: row.state,
    reason: row.reason ?? undefined,
    tries: row.tries,
    queued: row.queued,
    start: row.start ?? undefined,
    end: row.end ?? undefined,
    retryAt: row.retryAt ?? undefined,
    status: row.status ?? undefined,
    rows:
      rejected === null
        ? undefined
        : { in: row.rows_in ?? undefined, out: row.rows_out ?? undefined, rejected },
    env: envOf(row.env),
    isOfNow: row.is_of_now === 1,
    graph: row.graph ?? undefined,
    runner: row.runner ?? undefined,
  };
}

export function toRequest({ env, ...row }: SqlRow): Request {
  return { ...fromSql<Request>(row), env: envOf(env) };
}

function envOf(json: SqlRow[string] | undefined): Readonly<Record<string, string>> {
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

/** Of each task, or of this one, in the order of their numbers. @throws the library's error */
export function triesOf({ sql }: LedgerFile, run: number, task?: string): TryRow[] {
  const rows = sql(
    `SELECT run, task, number, state, reason, status, signal, start, "end", cpu_seconds AS cpuSeconds, peak_bytes AS peakBytes
     FROM try WHERE run = ?${task === undefined ? '' : ' AND task = ?'} ORDER BY task, number`,
  ).all(...(task === undefined ? [run] : [run, task]));
  return rows.map((row) => fromSql<TryRow>(row));
}

/** What the tools of a run reported, with the try. @throws the library's error */
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
