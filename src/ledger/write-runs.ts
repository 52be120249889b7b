/** What a runner writes to a ledger: runs and tries. Each function is work in a transaction, and may be done again. */

import type { LedgerFile } from './ledger-file.ts';
import type { Mark, NewRun, NextState, Run, ToolReport, Try, TryResult } from './records.ts';
import { envToSql, RUN_COLUMNS, toRun } from './rows.ts';

export function writeMark({ sql }: LedgerFile, { decided, horizon }: Mark): void {
  sql('UPDATE ledger SET decided = ?, horizon = ?').run(decided, horizon);
}

/** @returns undefined for a run that is already there */
export function addRun(file: LedgerFile, run: NewRun, now: number): Run | undefined {
  const { job, scheduled, state } = run;
  const repeat = run.repeat === 'again' ? nextRepeat(file, run) : run.repeat;
  const tries = state === 'running' ? 1 : 0;
  const row = file
    .sql(
      `INSERT INTO run (job, "trigger", scheduled, repeat, data_start, data_end, count, state, reason, tries, queued, env, is_of_now)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING ${RUN_COLUMNS}`,
    )
    .get(
      ...[job, run.trigger, scheduled, repeat ?? null, run.dataStart, run.dataEnd, run.count ?? 1],
      ...[state, run.reason ?? null, tries, now, envToSql(run.env), run.isOfNow === false ? 0 : 1],
    );
  if (row === undefined) return undefined;
  if (state === 'running') addTry(file, { run: row.run, task: run.task ?? job, number: 1 });
  return toRun(row);
}

function nextRepeat({ sql }: LedgerFile, { job, scheduled }: NewRun): number {
  return sql(
    'SELECT coalesce(max(repeat) + 1, 0) AS next FROM run WHERE job = ? AND scheduled = ? AND repeat IS NOT NULL',
  ).get(job, scheduled).next;
}

/** Makes the intent known to start a try. */
export function intendTry(file: LedgerFile, one: Try): void {
  addTry(file, one);
  file
    .sql(
      `UPDATE run SET state = 'running', reason = NULL, retry_at = NULL, tries = max(tries, ?) WHERE run = ?`,
    )
    .run(one.number, one.run);
}

function addTry({ sql }: LedgerFile, { run, task, number }: Try): void {
  sql(`INSERT INTO try (run, task, number, state) VALUES (?, ?, ?, 'running') ON CONFLICT DO NOTHING`).run(
    ...[run, task, number],
  );
}

export function startTry({ sql }: LedgerFile, { run, task, number }: Try, start: number): void {
  sql('UPDATE try SET start = ? WHERE run = ? AND task = ? AND number = ?').run(start, run, task, number);
  sql('UPDATE run SET start = coalesce(start, ?) WHERE run = ?').run(start, run);
}

/** @param next of the run */
export function endTry(
  file: LedgerFile,
  one: Try,
  { result, reports, next }: { result: TryResult; reports: readonly ToolReport[]; next: NextState },
): void {
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
  const rows = rowsOf(reports);
  file
    .sql(
      `UPDATE run SET start = coalesce(start, ?), "end" = ?, status = ?, rows_in = ?, rows_out = ?, rejected = ?, state = ?, reason = ?, retry_at = ?
       WHERE run = ?`,
    )
    .run(
      ...[start, end, status, rows?.in ?? null, rows?.out ?? null, rows?.rejected ?? null],
      ...[next.state, next.reason ?? null, next.retryAt ?? null, run],
    );
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

export function changeRun({ sql }: LedgerFile, run: number, next: NextState): void {
  sql('UPDATE run SET state = ?, reason = ?, retry_at = ? WHERE run = ?').run(
    ...[next.state, next.reason ?? null, next.retryAt ?? null, run],
  );
}
