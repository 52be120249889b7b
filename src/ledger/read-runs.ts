/** What a runner reads from a ledger. */

import { type GraphRecord, graphOf } from './graphs.ts';
import type { LedgerFile } from './ledger-file.ts';
import { tasksAndItemsOf } from './read-tasks.ts';
import type { Mark, Run, TaskRow, TryRow } from './records.ts';
import { maybeTime, RUN_COLUMNS, timeOf, toRun, triesOf, UNFINISHED } from './rows.ts';

/** A run that has not come to its end, and all that there is of it. */
export interface Unfinished {
  readonly run: Run;
  readonly tries: readonly TryRow[];
  /** Of a run of a graph: its tasks with their items, and its file. */
  readonly tasks: readonly TaskRow[];
  readonly graph: GraphRecord | undefined;
}

export function readMark({ sql }: LedgerFile): Mark | undefined {
  const { decided, horizon } = sql('SELECT decided, horizon FROM ledger').get();
  return decided === null ? undefined : { decided: timeOf(decided), horizon: timeOf(horizon) };
}

/** Those of the schedule, in the order in which they were decided; those of run-tasks are its own. */
export function readUnfinished(file: LedgerFile): Unfinished[] {
  return file
    .sql(`SELECT ${RUN_COLUMNS} FROM run WHERE ${UNFINISHED} AND runner IS NULL ORDER BY run.run`)
    .all()
    .map((row) => ({
      ...{ run: toRun(row), tries: triesOf(file, row.run) },
      ...{ tasks: tasksAndItemsOf(file, row.run), graph: graphOf(file, row.graph) },
    }));
}

/** The runs of a job that have not come to their end, whoever does them. */
export function readUnfinishedOf({ sql }: LedgerFile, job: string): Run[] {
  return sql(
    `SELECT ${RUN_COLUMNS} FROM run
     WHERE ${UNFINISHED} AND job = ? ORDER BY run.run`,
  )
    .all(job)
    .map(toRun);
}

/** Whether a run has not come to its end. */
export function isUnfinished({ state }: Pick<Run, 'state'>): boolean {
  return state === 'queued' || state === 'running' || state === 'up_for_retry';
}

/** A run that a run-tasks does, or did when it was killed. */
export type RunOfRunner = Run & { readonly runner: string };

/** Those that have not come to their end, of one job or of all. */
export function readRunsOfRunners({ sql }: LedgerFile, job: string | undefined): RunOfRunner[] {
  const rows = sql(
    `SELECT ${RUN_COLUMNS} FROM run
     WHERE ${UNFINISHED} AND runner IS NOT NULL AND job = coalesce(?, job) ORDER BY run.run`,
  ).all(job ?? null);
  return rows.map((row) => ({ ...toRun(row), runner: row.runner }));
}

/** The locks of those who do, or did, runs of a job, or of all, that have not come to their end; without the schedule. */
export function readRunnersOf({ sql }: LedgerFile, job: string | undefined): string[] {
  return sql(
    `SELECT DISTINCT runner FROM run
     WHERE ${UNFINISHED} AND runner IS NOT NULL AND job = coalesce(?, job)`,
  )
    .all(job ?? null)
    .map(({ runner }) => runner);
}

/** The numbers of the runs that run-tasks does, or did when it was killed. */
export function readRunsOfOthers({ sql }: LedgerFile): Set<number> {
  const rows = sql(`SELECT run FROM run WHERE ${UNFINISHED} AND runner IS NOT NULL`).all();
  return new Set(rows.map(({ run }) => run));
}

/**
 * The SQL of the latest end of what a successful run of a job has worked on, up to a time: a run that somebody asked for, of a
 * time to come, has not worked on what comes until then.
 *
 * @param job in SQL
 */
export const lastSuccess = (job: string) =>
  `SELECT max(data_end) AS latest FROM run AS other WHERE other.job = ${job} AND other.state = 'success' AND other.data_end <= ?`;

/** When it was, in epoch milliseconds. */
export function readLastSuccess({ sql }: LedgerFile, job: string, now: number): number | undefined {
  const { latest } = sql(lastSuccess('?')).get(job, now);
  return maybeTime(latest);
}

/** Runs of the job that failed since the last one that succeeded, or those in which a task of it did; at most `most`. */
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
