/** Writes the tasks of a graph's run. Each function runs in a transaction and may be repeated. */

import type { LedgerFile } from './ledger-file.ts';
import type { Reason, Rows, State, TaskRow, TaskState, Try } from './records.ts';
import { rowsToSql } from './rows.ts';
import { AFTER_TRY, type TryEnd, valuesAfterTry, writeTryEnd } from './write-runs.ts';

/** A task at the start of its run, or when the run resumes. */
export type NewTask = Pick<TaskRow, 'task' | 'position' | 'hash' | 'state'> &
  Partial<Pick<TaskRow, 'split' | 'item' | 'reason'>>;

/** Marks a run as running, with this graph and these tasks. */
export function beginGraph(file: LedgerFile, run: number, hash: string, tasks: readonly NewTask[]): void {
  file
    .sql(`UPDATE run SET graph = ?, state = 'running', reason = NULL, retry_at = NULL WHERE run = ?`)
    .run(hash, run);
  writeTasks(file, run, tasks);
}

/** Upserts tasks and items. Existing ones keep their times and the number of tries. */
export function writeTasks({ sql }: LedgerFile, run: number, tasks: readonly NewTask[]): void {
  for (const { task, position, split = null, item = null, state, reason = null, hash } of tasks)
    sql(
      `INSERT INTO task (run, task, position, split, item, state, reason, hash, tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
       ON CONFLICT DO UPDATE SET position = excluded.position, item = excluded.item, state = excluded.state,
         reason = excluded.reason, hash = excluded.hash, retry_at = NULL`,
    ).run(run, task, position, split, item, state, reason, hash);
}

/** The new state of a task without a running try. */
export interface TaskChange {
  readonly task: string;
  readonly state: TaskState;
  readonly reason?: Reason | undefined;
  /** When its dependencies were met. */
  readonly queued?: number;
  /** When it began and ended. */
  readonly start?: number;
  readonly end?: number | undefined;
  /** For a split task, the combined results of its items. */
  readonly status?: number | undefined;
  readonly rows?: Rows | undefined;
}

export function changeTask({ sql }: LedgerFile, run: number, change: TaskChange): void {
  const { task, state, reason = null, queued = null, start = null, end = null, status = null, rows } = change;
  sql(
    `UPDATE task SET state = ?, reason = ?, queued = coalesce(?, queued), start = coalesce(start, ?), "end" = coalesce(?, "end"),
       status = coalesce(?, status), rows_in = coalesce(?, rows_in), rows_out = coalesce(?, rows_out),
       rejected = coalesce(?, rejected), retry_at = NULL
     WHERE run = ? AND task = ?`,
  ).run(...[state, reason, queued, start, end, status], ...[...rowsToSql(rows), run, task]);
}

/** Skips the items of a task that have not begun. */
export function abandonItems(
  { sql }: LedgerFile,
  run: number,
  task: string,
  { reason, now }: { reason: Reason; now: number },
): void {
  sql(
    `UPDATE task SET state = 'skipped', reason = ?, "end" = ? WHERE run = ? AND split = ? AND state = 'none'`,
  ).run(reason, now, run, task);
}

/** Resets tasks and items to be repeated, keeping only the number of tries; marks others as removed. */
export function resetTasks(
  file: LedgerFile,
  run: number,
  { again, removed }: { again: Iterable<string>; removed: Iterable<string> },
): void {
  for (const task of again)
    file
      .sql(
        `UPDATE task SET state = 'none', reason = NULL, queued = NULL, start = NULL, "end" = NULL, retry_at = NULL, status = NULL,
           rows_in = NULL, rows_out = NULL, rejected = NULL WHERE run = ? AND task = ?`,
      )
      .run(run, task);
  for (const task of removed) changeTask(file, run, { task, state: 'removed' });
}

/** Records the end of a task's try. */
export function endTaskTry(file: LedgerFile, one: Try, end: TryEnd): void {
  writeTryEnd(file, one, end);
  file
    .sql(`UPDATE task SET ${AFTER_TRY} WHERE run = ? AND task = ?`)
    .run(...valuesAfterTry(end), one.run, one.task);
}

/** The result of a graph's run. */
export interface GraphEnd {
  readonly state: State;
  readonly reason: Reason | undefined;
  /** The status of the first task that failed; 0 when all succeeded. */
  readonly status: number | undefined;
  readonly end: number;
  /** The counts of the last task to report. */
  readonly rows: Rows | undefined;
}

export function endGraph(file: LedgerFile, run: number, ended: GraphEnd): void {
  const { sql } = file;
  const { state, reason = null, status = null, end, rows } = ended;
  withdrawTries(file, run);
  sql(
    `UPDATE run SET state = ?, reason = ?, status = ?, "end" = ?, rows_in = ?, rows_out = ?, rejected = ?, retry_at = NULL
     WHERE run = ?`,
  ).run(...[state, reason, status, end], ...[...rowsToSql(rows), run]);
}

/** Deletes tries that were intended but never started, as if they had never been. */
function withdrawTries({ sql }: LedgerFile, run: number): void {
  const withdrawn = sql(
    `DELETE FROM try WHERE run = ? AND state = 'running' AND start IS NULL RETURNING task, number`,
  ).all(run);
  for (const { task, number } of withdrawn)
    sql('UPDATE task SET tries = ? WHERE run = ? AND task = ?').run(number - 1, run, task);
  if (withdrawn.length > 0)
    sql(
      'UPDATE run SET tries = (SELECT coalesce(max(number), 0) FROM try WHERE try.run = run.run) WHERE run = ?',
    ).run(run);
}

/** Ends a run whose runner was killed, after its started tries have been ended. Open tasks get the state `none`. */
export function endLostRun(file: LedgerFile, run: number, ended: GraphEnd): void {
  endGraph(file, run, ended);
  file
    .sql(
      `UPDATE task SET state = 'none', retry_at = NULL,
         tries = (SELECT coalesce(max(number), 0) FROM try WHERE try.run = task.run AND try.task = task.task)
       WHERE run = ? AND state IN ('scheduled', 'queued', 'running', 'up_for_retry')`,
    )
    .run(run);
}
