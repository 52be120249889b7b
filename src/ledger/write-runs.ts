/** What a runner writes to a ledger: runs and tries. Each function is work in a transaction, and may be done again. */

import type { LedgerFile } from './ledger-file.ts';
import type { Mark, NewRun, NextState, Run, ToolReport, Try, TryResult } from './records.ts';
import { envToSql, RUN_COLUMNS, rowsToSql, toRun, UNFINISHED } from './rows.ts';

export function writeMark({ sql }: LedgerFile, { decided, horizon }: Mark): void {
  sql('UPDATE ledger SET decided = ?, horizon = ?').run(decided, horizon);
}

/**
 * @param decided up to when all due times were decided before; undefined for none
 * @returns undefined for a run that is already there
 */
export function addRun(
  file: LedgerFile,
  run: NewRun,
  { now, decided }: { now: number; decided: number | undefined },
): Run | undefined {
  const { job, scheduled, state } = run;
  const repeat = run.repeat === 'again' ? nextRepeat(file, run, decided) : (run.repeat ?? null);
  const tries = state === 'running' ? 1 : 0;
  const row = file
    .sql(
      `INSERT INTO run (job, "trigger", scheduled, repeat, data_start, data_end, count, state, reason, tries, queued, env, is_of_now, graph, runner)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING ${RUN_COLUMNS}`,
    )
    .get(
      ...[job, run.trigger, scheduled, repeat, run.dataStart, run.dataEnd, run.count ?? 1],
      ...[state, run.reason ?? null, tries, now, envToSql(run.env), run.isOfNow === false ? 0 : 1],
      ...[run.graph ?? null, run.runner ?? null],
    );
  if (row === undefined) return undefined;
  if (state === 'running') addTry(file, { run: row.run, task: run.task ?? job, number: 1 });
  return toRun(row);
}

/**
 * What is due after the mark was not decided yet: where there is a row of that time already, the clock was set back. What is
 * due before it was decided, even when its commit looked like a failure.
 */
function nextRepeat({ sql }: LedgerFile, { job, scheduled }: NewRun, decided: number | undefined): number {
  if (decided !== undefined && scheduled <= decided) return 0;
  return sql(
    'SELECT coalesce(max(repeat) + 1, 0) AS next FROM run WHERE job = ? AND scheduled = ? AND repeat IS NOT NULL',
  ).get(job, scheduled).next;
}

/** Makes the intent known to start a try, of a line of a crontab or of a task. */
export function intendTry(file: LedgerFile, one: Try): void {
  addTry(file, one);
  const { run, task, number } = one;
  const begun = 'reason = NULL, retry_at = NULL, tries = max(tries, ?)';
  file.sql(`UPDATE run SET state = 'running', ${begun} WHERE run = ?`).run(number, run);
  // A task is intended before it is its turn.
  file.sql(`UPDATE task SET ${begun} WHERE run = ? AND task = ?`).run(number, run, task);
}

function addTry({ sql }: LedgerFile, { run, task, number }: Try): void {
  sql(`INSERT INTO try (run, task, number, state) VALUES (?, ?, ?, 'running') ON CONFLICT DO NOTHING`).run(
    ...[run, task, number],
  );
}

/** Of a line of a crontab: the try is not started, and its run waits again. */
export function withdrawTry({ sql }: LedgerFile, { run, task, number }: Try): void {
  sql('DELETE FROM try WHERE run = ? AND task = ? AND number = ? AND start IS NULL').run(run, task, number);
  sql(`UPDATE run SET state = 'queued', tries = ? WHERE run = ?`).run(number - 1, run);
}

export function startTry({ sql }: LedgerFile, { run, task, number }: Try, start: number): void {
  sql('UPDATE try SET start = ? WHERE run = ? AND task = ? AND number = ?').run(start, run, task, number);
  sql('UPDATE run SET start = coalesce(start, ?) WHERE run = ?').run(start, run);
  sql(`UPDATE task SET start = coalesce(start, ?), state = 'running' WHERE run = ? AND task = ?`).run(
    ...[start, run, task],
  );
}

/**
 * Writes down the start of the machine. After another one, tries that were intended count as started, when their run was
 * decided: the log that would tell may have gone with the power. It is in the same transaction, so that it is known for good.
 */
export function writeBoot({ sql }: LedgerFile, boot: string): void {
  if (sql('SELECT boot FROM ledger').get().boot === boot) return;
  sql(
    `UPDATE try SET start = (SELECT queued FROM run WHERE run.run = try.run)
     WHERE run IN (SELECT run FROM run WHERE ${UNFINISHED}) AND state = 'running' AND start IS NULL`,
  ).run();
  sql('UPDATE ledger SET boot = ?').run(boot);
}

/** How a try ended, and what that makes of its run, or of its task. */
export interface TryEnd {
  readonly result: TryResult;
  readonly reports: readonly ToolReport[];
  readonly next: NextState;
}

/** Of a line of a crontab. */
export function endTry(file: LedgerFile, one: Try, end: TryEnd): void {
  writeTryEnd(file, one, end);
  file.sql(`UPDATE run SET ${AFTER_TRY} WHERE run = ?`).run(...valuesAfterTry(end), one.run);
}

/** The columns of a run or a task that a try sets at its end. */
export const AFTER_TRY = `start = coalesce(start, ?), "end" = ?, status = ?, rows_in = ?, rows_out = ?, rejected = ?,
  state = ?, reason = ?, retry_at = ?`;

export function valuesAfterTry({ result, reports, next }: TryEnd): (string | number | null)[] {
  const { start = null, end, status = null } = result;
  return [
    ...[start, end, status, ...rowsToSql(rowsOf(reports))],
    ...[next.state, next.reason ?? null, next.retryAt ?? null],
  ];
}

/** The try itself, with what its tools reported. */
export function writeTryEnd(file: LedgerFile, one: Try, { result, reports }: TryEnd): void {
  const { run, task, number } = one;
  const { start = null, end, status = null } = result;
  file
    .sql(
      `UPDATE try SET state = ?, reason = ?, status = ?, signal = ?, start = coalesce(start, ?), "end" = ?, cpu_seconds = ?, peak_bytes = ?
       WHERE run = ? AND task = ? AND number = ?`,
    )
    .run(
      ...[result.state, result.reason ?? null, status, result.signal ?? null, start, end],
      ...[result.cpuSeconds ?? null, result.peakBytes ?? null, run, task, number],
    );
  addReports(file, one, reports);
}

function addReports({ sql }: LedgerFile, { run, task, number }: Try, reports: readonly ToolReport[]): void {
  for (const [at, report] of reports.entries())
    sql('INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
      ...[run, task, number, at, report.tool, report.in ?? null, report.out ?? null],
      ...[report.rejected ?? null, report.ms, report.status],
    );
}

/** Of a try: in and out of the tool that reported last, and what all of them rejected. Undefined without reports. */
export function rowsOf(reports: readonly ToolReport[]): Run['rows'] {
  const last = reports.at(-1);
  if (last === undefined) return undefined;
  const rejected = reports.reduce((sum, report) => sum + (report.rejected ?? 0), 0);
  return { in: last.in, out: last.out, rejected };
}

/**
 * Takes up a run that has ended, or was left by a schedule.
 *
 * @param runner who does it from now on; undefined for the schedule @returns undefined when there is none, or another
 * run-tasks has taken it up
 */
export function retryRun(
  { sql }: LedgerFile,
  run: number,
  isOfNow: boolean,
  runner?: string,
): Run | undefined {
  const row = sql(
    `UPDATE run SET state = 'queued', "trigger" = 'retry', reason = NULL, "end" = NULL, is_of_now = ?, runner = ?
     WHERE run = ? AND NOT (state IN ('queued', 'running', 'up_for_retry') AND runner IS NOT NULL)
     RETURNING ${RUN_COLUMNS}`,
  ).get(isOfNow ? 1 : 0, runner ?? null, run);
  return row === undefined ? undefined : toRun(row);
}

/** Of a run of which no try is running: what was intended, or lost, has ended with it, and so have tasks without a result. */
export function changeRun(
  { sql }: LedgerFile,
  run: number,
  { next, now }: { next: NextState; now: number },
): void {
  const { state, reason = null, retryAt = null } = next;
  sql(`UPDATE try SET state = ?, reason = ?, "end" = ? WHERE run = ? AND state = 'running'`).run(
    ...[state, reason, now, run],
  );
  sql('UPDATE run SET state = ?, reason = ?, retry_at = ? WHERE run = ?').run(state, reason, retryAt, run);
  sql(
    `UPDATE task SET state = iif(state IN ('running', 'up_for_retry'), 'failed', 'skipped'), reason = ?, "end" = ?, retry_at = NULL
     WHERE run = ? AND state IN ('none', 'scheduled', 'queued', 'running', 'up_for_retry')`,
  ).run(reason, now, run);
}
