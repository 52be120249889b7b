/** Writes runs and tries. Each function runs in a transaction and may be repeated. */

import type { LedgerFile } from './ledger-file.ts';
import type { Mark, NewRun, NextState, Run, ToolReport, Try, TryResult } from './records.ts';
import { envToSql, RUN_COLUMNS, rowsToSql, toRun, UNFINISHED } from './rows.ts';

export function writeMark({ sql }: LedgerFile, { decided, horizon }: Mark): void {
  sql('UPDATE ledger SET decided = ?, horizon = ?').run(decided, horizon);
}

/**
 * Adds a run, with its first try if it is running.
 *
 * @param decided up to when all due times were decided before; undefined if none were
 * @returns undefined for a run that already exists
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
 * A due time after the mark is decided for the first time: if it has a row already, the clock was set back. A due time up
 * to the mark was decided before, in a commit whose success was not seen: it keeps repeat 0, and is ignored as a duplicate.
 */
function nextRepeat({ sql }: LedgerFile, { job, scheduled }: NewRun, decided: number | undefined): number {
  if (decided !== undefined && scheduled <= decided) return 0;
  return sql(
    'SELECT coalesce(max(repeat) + 1, 0) AS next FROM run WHERE job = ? AND scheduled = ? AND repeat IS NOT NULL',
  ).get(job, scheduled).next;
}

/** Records the intent to start a try of a crontab line or a task. */
export function intendTry(file: LedgerFile, one: Try): void {
  addTry(file, one);
  const { run, task, number } = one;
  const begun = 'reason = NULL, retry_at = NULL, tries = max(tries, ?)';
  file.sql(`UPDATE run SET state = 'running', ${begun} WHERE run = ?`).run(number, run);
  // The task is not yet `running`: its intent is recorded before its turn comes.
  file.sql(`UPDATE task SET ${begun} WHERE run = ? AND task = ?`).run(number, run, task);
}

function addTry({ sql }: LedgerFile, { run, task, number }: Try): void {
  sql(`INSERT INTO try (run, task, number, state) VALUES (?, ?, ?, 'running') ON CONFLICT DO NOTHING`).run(
    ...[run, task, number],
  );
}

/** For a crontab line: deletes a try that was not started, and queues its run again. */
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
 * Records the boot of the machine. After a reboot, intended tries count as started at the time their run was decided: the
 * log that would tell may be lost with the power. Both are in one transaction, so that this happens exactly once.
 */
export function writeBoot({ sql }: LedgerFile, boot: string): void {
  if (sql('SELECT boot FROM ledger').get().boot === boot) return;
  sql(
    `UPDATE try SET start = (SELECT queued FROM run WHERE run.run = try.run)
     WHERE run IN (SELECT run FROM run WHERE ${UNFINISHED}) AND state = 'running' AND start IS NULL`,
  ).run();
  sql('UPDATE ledger SET boot = ?').run(boot);
}

/** The result of a try, and the next state of its run or task. */
export interface TryEnd {
  readonly result: TryResult;
  readonly reports: readonly ToolReport[];
  readonly next: NextState;
}

/** Records the end of a crontab line's try. */
export function endTry(file: LedgerFile, one: Try, end: TryEnd): void {
  writeTryEnd(file, one, end);
  file.sql(`UPDATE run SET ${AFTER_TRY} WHERE run = ?`).run(...valuesAfterTry(end), one.run);
}

/** SQL that updates a run or a task at the end of a try. */
export const AFTER_TRY = `start = coalesce(start, ?), "end" = ?, status = ?, rows_in = ?, rows_out = ?, rejected = ?,
  state = ?, reason = ?, retry_at = ?`;

export function valuesAfterTry({ result, reports, next }: TryEnd): (string | number | null)[] {
  const { start = null, end, status = null } = result;
  return [
    ...[start, end, status, ...rowsToSql(rowsOf(reports))],
    ...[next.state, next.reason ?? null, next.retryAt ?? null],
  ];
}

/** Writes the try itself, with its tools' reports. */
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

/** The counts of a try: in and out of the last tool to report, rejected of all tools. Undefined without reports. */
export function rowsOf(reports: readonly ToolReport[]): Run['rows'] {
  const last = reports.at(-1);
  if (last === undefined) return undefined;
  const rejected = reports.reduce((sum, report) => sum + (report.rejected ?? 0), 0);
  return { in: last.in, out: last.out, rejected };
}

/**
 * Queues again a run that has ended, or that a schedule left unfinished.
 *
 * @param runner who executes it from now on; undefined for the schedule
 * @returns undefined when there is no such run, or a run-tasks has it already
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

/** Sets the state of a run without a running try. Ends its intended or lost tries, and its tasks without a result. */
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
