/** Queries of a runner. */

import { type GraphRecord, graphOf } from './graphs.ts';
import type { LedgerFile } from './ledger-file.ts';
import { tasksAndItemsOf } from './read-tasks.ts';
import type { Mark, Run, TaskRow, TryRow } from './records.ts';
import { maybeTime, RUN_COLUMNS, timeOf, toRun, triesOf, UNFINISHED } from './rows.ts';

/** An unfinished run, with all of its records. */
export interface Unfinished {
  readonly run: Run;
  readonly tries: readonly TryRow[];
  /** For a graph: its tasks with their items, and its file. */
  readonly tasks: readonly TaskRow[];
  readonly graph: GraphRecord | undefined;
}

export function readMark({ sql }: LedgerFile): Mark | undefined {
  const { decided, horizon } = sql('SELECT decided, horizon FROM ledger').get();
  return decided === null ? undefined : { decided: timeOf(decided), horizon: timeOf(horizon) };
}

/** The unfinished runs of the schedule, in the order of their numbers; not those of a run-tasks. */
export function readUnfinished(file: LedgerFile): Unfinished[] {
  return file
    .sql(`SELECT ${RUN_COLUMNS} FROM run WHERE ${UNFINISHED} AND runner IS NULL ORDER BY run.run`)
    .all()
    .map((row) => ({
      ...{ run: toRun(row), tries: triesOf(file, row.run) },
      ...{ tasks: tasksAndItemsOf(file, row.run), graph: graphOf(file, row.graph) },
    }));
}

/** The unfinished runs of a job, whoever executes them. */
export function readUnfinishedOf({ sql }: LedgerFile, job: string): Run[] {
  return sql(
    `SELECT ${RUN_COLUMNS} FROM run
     WHERE ${UNFINISHED} AND job = ? ORDER BY run.run`,
  )
    .all(job)
    .map(toRun);
}

/** As UNFINISHED in SQL. */
export function isUnfinished({ state }: Pick<Run, 'state'>): boolean {
  return state === 'queued' || state === 'running' || state === 'up_for_retry';
}

/** A run that a run-tasks executes, or executed when it was killed. */
export type RunOfRunner = Run & { readonly runner: string };

/** The unfinished ones, of one job or of all. */
export function readRunsOfRunners({ sql }: LedgerFile, job: string | undefined): RunOfRunner[] {
  const rows = sql(
    `SELECT ${RUN_COLUMNS} FROM run
     WHERE ${UNFINISHED} AND runner IS NOT NULL AND job = coalesce(?, job) ORDER BY run.run`,
  ).all(job ?? null);
  return rows.map((row) => ({ ...toRun(row), runner: row.runner }));
}

/** Locks of the run-tasks, alive or dead, with unfinished runs of one job or of all. */
export function readRunnersOf({ sql }: LedgerFile, job: string | undefined): string[] {
  return sql(
    `SELECT DISTINCT runner FROM run
     WHERE ${UNFINISHED} AND runner IS NOT NULL AND job = coalesce(?, job)`,
  )
    .all(job ?? null)
    .map(({ runner }) => runner);
}

/** Numbers of the unfinished runs of every run-tasks, alive or dead. */
export function readRunsOfOthers({ sql }: LedgerFile): Set<number> {
  const rows = sql(`SELECT run FROM run WHERE ${UNFINISHED} AND runner IS NOT NULL`).all();
  return new Set(rows.map(({ run }) => run));
}

/**
 * SQL for the latest end of the data interval of a successful run of a job, at most the time given as its value: a manual
 * run for a future time has not processed the data up to then.
 *
 * @param job a SQL expression
 */
export const lastSuccess = (job: string) =>
  `SELECT max(data_end) AS latest FROM run AS other WHERE other.job = ${job} AND other.state = 'success' AND other.data_end <= ?`;

/** The result of `lastSuccess` in epoch milliseconds; undefined without a success. */
export function readLastSuccess({ sql }: LedgerFile, job: string, now: number): number | undefined {
  const { latest } = sql(lastSuccess('?')).get(job, now);
  return maybeTime(latest);
}

/** Failures of the job, or of one of its tasks, since the last success; at most `most`. */
export function readFailuresInARow(
  { sql }: LedgerFile,
  { job, most, task }: { job: string; most: number; task: string | undefined },
): number {
  const ended = `IN ('success', 'failed') ORDER BY run.run DESC LIMIT ?`;
  const rows =
    task === undefined
      ? sql(`SELECT state FROM run WHERE job = ? AND state ${ended}`).all(job, most)
      : sql(
          `SELECT task.state FROM run JOIN task ON task.run = run.run
           WHERE run.job = ? AND task.task = ? AND task.state ${ended}`,
        ).all(job, task, most);
  const success = rows.findIndex(({ state }) => state === 'success');
  return success < 0 ? rows.length : success;
}
