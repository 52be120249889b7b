/** The tasks of a run, their items and their tries. */

import type { LedgerFile } from './ledger-file.ts';
import type { TaskRow, TaskState, TryRow } from './records.ts';
import { TASK_COLUMNS, toTask, triesOf } from './rows.ts';

/** The tasks of a run in the order of its file, without their items. @throws the library's error */
export function tasksOf({ sql }: LedgerFile, run: number): TaskRow[] {
  const text = `SELECT ${TASK_COLUMNS} FROM task WHERE run = ? AND split IS NULL ORDER BY position`;
  return sql(text).all(run).map(toTask);
}

/** The tasks of a run, and their items. @throws the library's error */
export function tasksAndItemsOf({ sql }: LedgerFile, run: number): TaskRow[] {
  return sql(`SELECT ${TASK_COLUMNS} FROM task WHERE run = ? ORDER BY position`).all(run).map(toTask);
}

/** A task of a run, or an item of one. @throws the library's error */
export function readTask({ sql }: LedgerFile, run: number, task: string): TaskRow | undefined {
  const row = sql(`SELECT ${TASK_COLUMNS} FROM task WHERE run = ? AND task = ?`).get(run, task);
  return row === undefined ? undefined : toTask(row);
}

/** The number of items in each state. */
export type ItemCounts = Readonly<Partial<Record<TaskState, number>>>;

/** By the name of each split task of the run. @throws the library's error */
export function countItems({ sql }: LedgerFile, run: number): ReadonlyMap<string, ItemCounts> {
  const counts = new Map<string, Partial<Record<TaskState, number>>>();
  const rows = sql(
    'SELECT split, state, count(*) AS items FROM task WHERE run = ? AND split IS NOT NULL GROUP BY split, state',
  ).all(run);
  for (const { split, state, items } of rows)
    counts.set(split, { ...counts.get(split), [state as TaskState]: items });
  return counts;
}

/** The items of a task after this position, in order. @throws the library's error */
export function readItems(
  { sql }: LedgerFile,
  { run, task, after, limit }: { run: number; task: string; after: number; limit: number },
): TaskRow[] {
  const text = `SELECT ${TASK_COLUMNS} FROM task WHERE run = ? AND split = ? AND position > ? ORDER BY position LIMIT ?`;
  return sql(text).all(run, task, after, limit).map(toTask);
}

/** The tries of these tasks of a run, those of a task in the order of their numbers. @throws the library's error */
export function readTries(file: LedgerFile, run: number, tasks: readonly string[]): TryRow[] {
  return tasks.flatMap((task) => triesOf(file, run, task));
}

/** A try of a run: the one with the highest number, unless a number is given; of any task, unless one is given. */
export function readTry(
  file: LedgerFile,
  { run, task, number }: { run: number; task: string | undefined; number: number | undefined },
): TryRow | undefined {
  const byNumber = triesOf(file, run, task).toSorted((a, b) => a.number - b.number);
  return number === undefined ? byNumber.at(-1) : byNumber.find((one) => one.number === number);
}
