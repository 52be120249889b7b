/** The runs of a ledger, for those who look at them. */

import { readJobs } from './jobs.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { KnownJob, Run } from './records.ts';
import { maybeTime, RUN_COLUMNS, toRun, UNFINISHED } from './rows.ts';

const RECENT = 30;
/** Successful runs of which the median is taken. */
const TIMED = 20;
const PAGE = 1000;

/** What is shown of a job. */
export interface JobHistory {
  readonly job: KnownJob;
  /** The last ones, the newest at the end. */
  readonly recent: readonly Run[];
  /** Durations of the successful runs with the newest data in milliseconds, the newest at the end; one more than the median takes. */
  readonly durations: readonly number[];
}

/** Of the jobs that the schedule has, and of those that are run by hand. */
export function readHistories(file: LedgerFile): JobHistory[] {
  return readJobs(file)
    .filter(({ gone }) => gone === undefined)
    .map((job) => readHistory(file, job));
}

/** As `readHistories`, and behind them those that are gone and have run. */
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

/** Which runs are listed. */
export interface RunFilter {
  readonly job: string | undefined;
  readonly isFailed: boolean;
  /** Numbers of those that have failed, though the ledger does not say so. */
  readonly lost?: readonly number[];
  /** Decided at this time or later. */
  readonly since: number | undefined;
  /** At most this many, the newest. */
  readonly most: number | undefined;
}

/** A run as it is listed, with the task of the try that was intended last. */
export type ListedRun = Run & { readonly task: string };

/** A number below those of all runs that were decided since this time. */
export function readBefore({ sql }: LedgerFile, since: number | undefined): number {
  if (since === undefined) return 0;
  // Without the plus SQLite looks for the least number among all runs.
  return sql('SELECT coalesce(min(+run) - 1, 9e15) AS run FROM run WHERE queued >= ?').get(since).run;
}

/** Pages of runs in the order in which they were decided. @param after the last run of the page before, `readBefore` at first */
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

/** Which runs count for the last one: those with a log, those that can be stopped. */
const KINDS = {
  any: '1',
  begun: 'tries > 0',
  // One that was killed before its first try is to be done, too; one that overlapped is not.
  resumable: "graph IS NOT NULL AND coalesce(reason, '') <> 'overlap'",
  unfinished: UNFINISHED,
};

/** The newest run, of this job only if it is given, and of this kind; if there is none of it, the newest of all kinds. */
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

/** When the newest successful run of a job ended, and how its newest run that has come to an end did. */
export interface LastResults {
  readonly success: number | undefined;
  readonly last: Pick<Run, 'run' | 'state' | 'reason' | 'end'> | undefined;
}

export function readLastResults({ sql }: LedgerFile, job: string): LastResults {
  const last = sql(
    `SELECT run, state, reason, "end" FROM run
     WHERE job = ? AND state IN ('success', 'failed') ORDER BY run DESC LIMIT 1`,
  ).get(job);
  // Of old data, the newest success may have ended before an older one that was made up.
  const { success } = sql(
    `SELECT max("end") AS success FROM
       (SELECT "end" FROM run INDEXED BY run_success WHERE job = ? AND state = 'success' ORDER BY data_end DESC LIMIT ${TIMED})`,
  ).get(job);
  return {
    success: maybeTime(success),
    last: last && { ...last, reason: last.reason ?? undefined },
  };
}
