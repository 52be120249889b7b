/** The tasks of the runs of graphs, and their tries, for those who look at them. */

import type { LedgerFile } from './ledger-file.ts';
import type { Reason, Rows, TaskState, TryRow } from './records.ts';
import { triesOf } from './rows.ts';

/** A task of a run, or an item of one that is split. */
export interface ReadTask {
  /** Its name; of an item `NAME[INDEX]`. */
  readonly task: string;
  readonly position: number;
  /** Of an item: what it is for. */
  readonly item: string | undefined;
  readonly state: TaskState;
  readonly reason: Reason | undefined;
  readonly tries: number;
  readonly queued: number | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly retryAt: number | undefined;
  readonly status: number | undefined;
  readonly rows: Rows | undefined;
}

/** As SQLite gives it. */
type TaskSqlRow = {
  readonly [Name in keyof Omit<ReadTask, 'rows'>]: Exclude<ReadTask[Name], undefined> | null;
} & {
  readonly task: string;
  readonly position: number;
  readonly state: TaskState;
  readonly tries: number;
  readonly rows_in: number | null;
  readonly rows_out: number | null;
  readonly rejected: number | null;
};

/** How many items have which state. */
export type ItemCounts = Readonly<Partial<Record<TaskState, number>>>;

const COLUMNS = `task, position, item, state, reason, tries, queued, start, "end", retry_at AS retryAt, status,
  rows_in, rows_out, rejected`;

/** In the order of the file, without items. None of a line of a crontab. @throws the library's error */
export function readTasks({ sql }: LedgerFile, run: number): ReadTask[] {
  return sql(`SELECT ${COLUMNS} FROM task WHERE run = ? AND split IS NULL ORDER BY position`)
    .all(run)
    .map(toTask);
}

/** By the tasks of the run that are split. @throws the library's error */
export function countItems({ sql }: LedgerFile, run: number): ReadonlyMap<string, ItemCounts> {
  const counts = new Map<string, Partial<Record<TaskState, number>>>();
  const rows = sql(
    'SELECT split, state, count(*) AS items FROM task WHERE run = ? AND split IS NOT NULL GROUP BY split, state',
  ).all(run);
  for (const { split, state, items } of rows)
    counts.set(split, { ...counts.get(split), [state as TaskState]: items });
  return counts;
}

/** The items of a task behind this position, in their order. @throws the library's error */
export function readItems(
  { sql }: LedgerFile,
  { run, task, after, limit }: { run: number; task: string; after: number; limit: number },
): ReadTask[] {
  return sql(
    `SELECT ${COLUMNS} FROM task WHERE run = ? AND split = ? AND position > ? ORDER BY position LIMIT ?`,
  )
    .all(run, task, after, limit)
    .map(toTask);
}

/** Of the tasks of a run without items, or of a line of a crontab. @throws the library's error */
export function readTries(file: LedgerFile, run: number, tasks: readonly ReadTask[]): TryRow[] {
  if (tasks.length === 0) return triesOf(file, run);
  return tasks.flatMap(({ task }) => triesOf(file, run, task));
}

/** A try of a task, the last one unless a number is given; of the task that was tried last unless one is given. */
export function readTry(
  file: LedgerFile,
  { run, task, number }: { run: number; task: string | undefined; number: number | undefined },
): TryRow | undefined {
  const byNumber = triesOf(file, run, task).toSorted((a, b) => a.number - b.number);
  return number === undefined ? byNumber.at(-1) : byNumber.find((one) => one.number === number);
}

function toTask({ rows_in, rows_out, rejected, ...row }: TaskSqlRow): ReadTask {
  const rows =
    rejected === null ? undefined : { in: rows_in ?? undefined, out: rows_out ?? undefined, rejected };
  return {
    task: row.task,
    position: row.position,
    item: row.item ?? undefined,
    state: row.state,
    reason: row.reason ?? undefined,
    tries: row.tries,
    queued: row.queued ?? undefined,
    start: row.start ?? undefined,
    end: row.end ?? undefined,
    retryAt: row.retryAt ?? undefined,
    status: row.status ?? undefined,
    rows,
  };
}
