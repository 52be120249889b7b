/** The tasks of the runs of graphs. What writes is work in a transaction, and may be done again. */

import type { LedgerFile } from './ledger-file.ts';
import type { Reason, Rows, State, TaskRow, TaskState, Try } from './records.ts';
import { AFTER_TRY, type TryEnd, valuesAfterTry, writeTryEnd } from './write-runs.ts';

/** A graph as a ledger keeps it. */
export interface GraphRecord {
  /** SHA-256 of its text. */
  readonly hash: string;
  readonly file: string;
  readonly text: string;
  /** What there is to show of each task. */
  readonly tasks: readonly object[];
}

/** A task as it is when its run begins, or goes on. */
export type NewTask = Pick<TaskRow, 'task' | 'position' | 'hash' | 'state'> &
  Partial<Pick<TaskRow, 'split' | 'item' | 'reason'>>;

/** Keeps the file of a graph as it is now. */
export function writeGraph({ sql }: LedgerFile, { hash, file, text, tasks }: GraphRecord): void {
  sql('INSERT INTO graph (hash, file, text, tasks) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
    ...[hash, file, text, JSON.stringify(tasks)],
  );
}

/** Makes a run one of this graph, which runs now. */
export function beginGraph(file: LedgerFile, run: number, hash: string, tasks: readonly NewTask[]): void {
  file
    .sql(`UPDATE run SET graph = ?, state = 'running', reason = NULL, retry_at = NULL WHERE run = ?`)
    .run(hash, run);
  writeTasks(file, run, tasks);
}

/** Adds tasks and items. Of those that are there already the times and the number of tries stay. */
export function writeTasks({ sql }: LedgerFile, run: number, tasks: readonly NewTask[]): void {
  for (const { task, position, split = null, item = null, state, reason = null, hash } of tasks)
    sql(
      `INSERT INTO task (run, task, position, split, item, state, reason, hash, tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
       ON CONFLICT DO UPDATE SET position = excluded.position, item = excluded.item, state = excluded.state,
         reason = excluded.reason, hash = excluded.hash, retry_at = NULL`,
    ).run(run, task, position, split, item, state, reason, hash);
}

/** What becomes of a task of which no try runs. */
export interface TaskChange {
  readonly task: string;
  readonly state: TaskState;
  readonly reason?: Reason | undefined;
  /** When all that it needs was done. */
  readonly queued?: number;
  /** When it began, and came to its end. */
  readonly start?: number;
  readonly end?: number | undefined;
  /** What its items came to. */
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
  ).run(
    ...[state, reason, queued, start, end, status],
    ...[rows?.in ?? null, rows?.out ?? null, rows?.rejected ?? null, run, task],
  );
}

/** Ends the items of a task that are not begun. */
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

/** Tasks and items that are to be done anew, of which only the number of tries stays, and others that are gone. */
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

/** A try of a task has ended. */
export function endTaskTry(file: LedgerFile, one: Try, end: TryEnd): void {
  writeTryEnd(file, one, end);
  file
    .sql(`UPDATE task SET ${AFTER_TRY} WHERE run = ? AND task = ?`)
    .run(...valuesAfterTry(end), one.run, one.task);
}

/** What a run of a graph came to. */
export interface GraphEnd {
  readonly state: State;
  readonly reason: Reason | undefined;
  /** That of the first task that failed; 0 when all went well. */
  readonly status: number | undefined;
  readonly end: number;
  /** Of the task that reported last. */
  readonly rows: Rows | undefined;
}

export function endGraph({ sql }: LedgerFile, run: number, ended: GraphEnd): void {
  const { state, reason = null, status = null, end, rows } = ended;
  // What was intended and not begun has ended with it.
  sql(`DELETE FROM try WHERE run = ? AND state = 'running' AND start IS NULL`).run(run);
  sql(
    `UPDATE run SET state = ?, reason = ?, status = ?, "end" = ?, rows_in = ?, rows_out = ?, rejected = ?, retry_at = NULL
     WHERE run = ?`,
  ).run(
    ...[state, reason, status, end],
    ...[rows?.in ?? null, rows?.out ?? null, rows?.rejected ?? null, run],
  );
}

/** Ends a run of which the runner was killed, once the tries that had begun are ended. What had no result has none. */
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

/** The columns of `task` as `toTask` takes them. */
export const TASK_COLUMNS = `run, task, position, split, item, state, reason, hash, tries, queued, start, "end", retry_at AS retryAt,
  status, rows_in, rows_out, rejected`;

/** The tasks of a run in the order of its file, without their items. @throws the library's error */
export function tasksOf({ sql }: LedgerFile, run: number): TaskRow[] {
  const text = `SELECT ${TASK_COLUMNS} FROM task WHERE run = ? AND split IS NULL ORDER BY position`;
  return sql(text).all(run).map(toTask);
}

/** The items of a task that is split, in their order. @throws the library's error */
export function itemsOf({ sql }: LedgerFile, run: number, task: string): TaskRow[] {
  const text = `SELECT ${TASK_COLUMNS} FROM task WHERE run = ? AND split = ? ORDER BY position`;
  return sql(text).all(run, task).map(toTask);
}

/** The tasks of a run, and their items. @throws the library's error */
export function tasksAndItemsOf({ sql }: LedgerFile, run: number): TaskRow[] {
  return sql(`SELECT ${TASK_COLUMNS} FROM task WHERE run = ? ORDER BY position`).all(run).map(toTask);
}

/** A file that a ledger has kept. @throws the library's error */
export function graphOf({ sql }: LedgerFile, hash: string | null): GraphRecord | undefined {
  const row = sql('SELECT hash, file, text, tasks FROM graph WHERE hash = ?').get(hash);
  return row && { ...row, tasks: JSON.parse(row.tasks) };
}

/** A task of a run, or an item of one. @throws the library's error */
export function readTask({ sql }: LedgerFile, run: number, task: string): TaskRow | undefined {
  const row = sql(`SELECT ${TASK_COLUMNS} FROM task WHERE run = ? AND task = ?`).get(run, task);
  return row === undefined ? undefined : toTask(row);
}

/** A row of `task` with these columns: null is undefined. */
type TaskSqlRow = {
  readonly [Name in keyof Omit<TaskRow, 'rows'>]: undefined extends TaskRow[Name]
    ? Exclude<TaskRow[Name], undefined> | null
    : TaskRow[Name];
} & { readonly [Name in 'rows_in' | 'rows_out' | 'rejected']: number | null };

/** Member by member, since this is done for each of thousands. */
export function toTask(row: TaskSqlRow): TaskRow {
  const { rejected } = row;
  return {
    run: row.run,
    task: row.task,
    position: row.position,
    split: row.split ?? undefined,
    item: row.item ?? undefined,
    state: row.state,
    reason: row.reason ?? undefined,
    hash: row.hash,
    tries: row.tries,
    queued: row.queued ?? undefined,
    start: row.start ?? undefined,
    end: row.end ?? undefined,
    retryAt: row.retryAt ?? undefined,
    status: row.status ?? undefined,
    rows:
      rejected === null
        ? undefined
        : { in: row.rows_in ?? undefined, out: row.rows_out ?? undefined, rejected },
  };
}
