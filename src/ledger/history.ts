/** Queries for the display of runs. */

import { readJobs } from './jobs.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { KnownJob, Run } from './records.ts';
import { maybeTime, RUN_COLUMNS, toRun, UNFINISHED } from './rows.ts';

const RECENT = 30;
/** How many successful runs the median duration covers. */
const TIMED = 20;
const PAGE = 1000;

/** What is displayed of a job. */
export interface JobHistory {
  readonly job: KnownJob;
  /** The most recent runs, newest last. */
  readonly recent: readonly Run[];
  /** Durations in ms of the successful runs with the newest data, newest last; one more than the median covers. */
  readonly durations: readonly number[];
}

/** Histories of the jobs of the schedule, and of those run by hand. */
export function readHistories(file: LedgerFile): JobHistory[] {
  return readJobs(file)
    .filter(({ gone }) => gone === undefined)
    .map((job) => readHistory(file, job));
}

/** As `readHistories`, followed by removed jobs that have runs. */
export function readAllHistories(file: LedgerFile): JobHistory[] {
  return readJobs(file)
    .map((job) => readHistory(file, job))
    .filter(({ job, recent }) => job.gone === undefined || recent.length > 0);
}

export function readHistory(file: LedgerFile, job: KnownJob): JobHistory {
  const recent = file
    .sql(`SELECT ${RUN_COLUMNS} FROM run WHERE job = ? ORDER BY run.run DESC LIMIT ?`)
    .all(job.name, RECENT)
    .map(toRun)
    .reverse();
  const durations = file
    .sql(
      `SELECT "end" - start AS ms FROM run INDEXED BY run_success
       WHERE job = ? AND state = 'success' AND start IS NOT NULL ORDER BY data_end DESC LIMIT ?`,
    )
    .all(job.name, TIMED + 1)
    .map(({ ms }) => ms)
    .reverse();
  return { job, recent, durations };
}

/** Which runs to list. */
export interface RunFilter {
  readonly job: string | undefined;
  readonly isFailed: boolean;
  /** Numbers of lost runs: they count as failed, though the ledger still says running. */
  readonly lost?: readonly number[];
  /** Decided at this time or later. */
  readonly since: number | undefined;
  /** Only this many, the newest. */
  readonly most: number | undefined;
}

/** A listed run, with the task of its latest try. */
export type ListedRun = Run & { readonly task: string };

/** The largest number below all runs that were decided since this time. */
export function readBefore({ sql }: LedgerFile, since: number | undefined): number {
  if (since === undefined) return 0;
  // The unary plus keeps SQLite from scanning all runs in the order of their numbers.
  return sql('SELECT coalesce(min(+run) - 1, 9e15) AS run FROM run WHERE queued >= ?').get(since).run;
}

/** A page of runs, in the order of their numbers. @param after the last run of the previous page; at first, `readBefore` */
export function readRuns(file: LedgerFile, filter: RunFilter, after: number): ListedRun[] {
  const { job, isFailed, lost = [], since, most } = filter;
  const conditions = ['run.run > ?'];
  const values: (string | number)[] = [after];
  const add = (condition: string, ...more: (string | number)[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  if (job !== undefined) add('job = ?', job);
  const failed =
    job === undefined ? "state = 'failed'" : "state IN ('success', 'failed') AND state = 'failed'";
  if (isFailed && lost.length === 0) add(failed);
  else if (isFailed) add(`(${failed} OR run.run IN (SELECT value FROM json_each(?)))`, JSON.stringify(lost));
  if (since !== undefined) add('queued >= ?', since);
  const rows = file
    .sql(
      `SELECT ${RUN_COLUMNS}, coalesce((SELECT task FROM try WHERE try.run = run.run ORDER BY number DESC LIMIT 1), job) AS task
       FROM run WHERE ${conditions.join(' AND ')} ORDER BY run.run ${most === undefined ? '' : 'DESC'} LIMIT ?`,
    )
    .all(...values, most ?? PAGE);
  const runs = rows.map((row) => ({ ...toRun(row), task: row.task }));
  return most === undefined ? runs : runs.reverse();
}

/** SQL conditions for what `last` may mean: a run with a log, one that can be resumed or stopped. */
const KINDS = {
  any: '1',
  begun: 'tries > 0',
  // Includes a run that was killed before its first try; excludes one that was skipped for an overlap.
  resumable: "graph IS NOT NULL AND coalesce(reason, '') <> 'overlap'",
  unfinished: UNFINISHED,
};

/** The newest run of this kind, or of any kind if there is none; only of this job if one is given. */
export function readLastRun(
  { sql }: LedgerFile,
  job: string | undefined,
  kind: keyof typeof KINDS = 'any',
): number | undefined {
  const newest = (condition: string) => {
    const where = job === undefined ? condition : `${condition} AND job = ?`;
    const text = `SELECT run FROM run WHERE ${where} ORDER BY run DESC LIMIT 1`;
    return sql(text).get(...(job === undefined ? [] : [job]))?.run;
  };
  return newest(KINDS[kind]) ?? newest(KINDS.any);
}

/** When the newest successful run of a job ended, and the outcome of its newest ended run. */
export interface LastResults {
  readonly success: number | undefined;
  readonly last: Pick<Run, 'run' | 'state' | 'reason' | 'end'> | undefined;
}

export function readLastResults({ sql }: LedgerFile, job: string): LastResults {
  const last = sql(
    `SELECT run, state, reason, "end" FROM run
     WHERE job = ? AND state IN ('success', 'failed') ORDER BY run DESC LIMIT 1`,
  ).get(job);
  // The success with the newest data may have ended earlier than a backfill of older data.
  const { success } = sql(
    `SELECT max("end") AS success FROM
       (SELECT "end" FROM run INDEXED BY run_success WHERE job = ? AND state = 'success' ORDER BY data_end DESC LIMIT ${TIMED})`,
  ).get(job);
  return {
    success: maybeTime(success),
    last: last && { ...last, reason: last.reason ?? undefined },
  };
}
