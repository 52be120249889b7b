/**
 * Prunes old runs: first their files, then their rows, in small transactions so that no other writer waits for long.
 * Keeps unfinished runs, and the newest successful run of each job, which tells the next one where its data begins.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';
import type { LedgerFile } from './ledger-file.ts';
import { removeLogs } from './log-files.ts';
import type { RunPlace } from './log-path.ts';
import { lastSuccess } from './read-runs.ts';
import { timeOf } from './rows.ts';

/** Runs per transaction. */
const PAGE = 200;
/** Between transactions, so that other work gets its turn. */
const PAUSE_MS = 20;
/** Free pages to return to the file system after each transaction. */
const FREED_PAGES = 500;

/** How long to keep runs, counted from when they were decided; Infinity for no limit. */
export interface Keep {
  readonly ms: number;
  readonly failedMs: number;
  /** Per job. */
  readonly mostRuns: number;
}

interface Pruning {
  readonly logFolder: string;
  readonly now: number;
  /** Stops pruning after the current transaction. */
  readonly signal: AbortSignal;
  /** The most runs to prune for their age, and of each job; all by default. */
  readonly most?: number;
  /** The first error of removing files, thrown at the end. */
  failure: unknown;
}

/** @returns the number of pruned runs @throws Failure; at the end, also when some files could not be removed */
export async function pruneLedger(
  ledger: Ledger,
  keep: Keep,
  options: Omit<Pruning, 'failure'>,
): Promise<number> {
  const { now, signal, most } = options;
  const pruning: Pruning = { ...options, failure: undefined };
  const aged = [
    { states: "'success', 'skipped'", ms: keep.ms },
    { states: "'failed'", ms: keep.failedMs },
  ];
  let count = 0;
  for (const { states, ms } of aged)
    if (Number.isFinite(ms))
      count += await forget(ledger, pruning, (file, page) =>
        readOld(file, { states, before: now - ms, now, ...page }),
      );
  if (Number.isFinite(keep.mostRuns))
    for (const { name } of await ledger.jobs())
      count += await forget(ledger, pruning, (file, page) =>
        readSurplus(file, { job: name, most: keep.mostRuns, now, ...page }),
      );
  // When only a few runs are pruned at a time, there is rarely anything else to remove.
  if (!signal.aborted && (most === undefined || count > 0))
    await ledger.write((file) => forgetRest(file, now, keep.ms));
  if (pruning.failure !== undefined) throw pruning.failure;
  return count;
}

type ReadPage = (file: LedgerFile, page: { after: number; limit: number }) => readonly RunPlace[];

async function forget(ledger: Ledger, pruning: Pruning, read: ReadPage): Promise<number> {
  const { logFolder, signal, most = Number.POSITIVE_INFINITY } = pruning;
  let count = 0;
  for (let after = 0; !signal.aborted && count < most; ) {
    const limit = Math.min(PAGE, most - count);
    const page = await ledger.read((file) => read(file, { after, limit }));
    const last = page.at(-1);
    if (last === undefined) break;
    // Files first: after a crash, rows without files are found again, but files without rows would leak.
    const removed: RunPlace[] = [];
    for (const run of page)
      try {
        await removeLogs(logFolder, run);
        removed.push(run);
      } catch (error) {
        pruning.failure ??= error;
      }
    count += await ledger.write((file) => deleteRuns(file, removed));
    if (limit < PAGE) break;
    after = last.run;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
  return count;
}

/** SQL: whether the next run of its job needs it as the last success. Takes one value, the time. */
const IS_NEEDED = `state = 'success'
  AND data_end = (${lastSuccess('run.job')})
  AND EXISTS (SELECT 1 FROM job WHERE name = run.job AND gone IS NULL)`;

interface Old {
  /** A SQL list. */
  readonly states: string;
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  readonly now: number;
}

function readOld({ sql }: LedgerFile, { states, before, after, limit, now }: Old): RunPlace[] {
  // The upper bound keeps the scan to old runs.
  return sql(
    `SELECT run, job, scheduled, repeat FROM run
     WHERE run.run > ? AND run.run <= (SELECT run FROM run WHERE queued < ? ORDER BY queued DESC LIMIT 1)
       AND queued < ? AND state IN (${states}) AND NOT (${IS_NEEDED}) ORDER BY run.run LIMIT ?`,
  )
    .all(after, before, before, now, limit)
    .map(toPlace);
}

function readSurplus(
  { sql }: LedgerFile,
  { job, most, after, limit, now }: Pick<Old, 'after' | 'limit' | 'now'> & { job: string; most: number },
): RunPlace[] {
  return sql(
    `SELECT run, job, scheduled, repeat FROM run
     WHERE job = ? AND run.run > ? AND run.run < (SELECT run FROM run WHERE job = ? ORDER BY run DESC LIMIT 1 OFFSET ?)
       AND state IN ('success', 'failed', 'skipped') AND NOT (${IS_NEEDED}) ORDER BY run.run LIMIT ?`,
  )
    .all(job, after, job, Math.max(0, most - 1), now, limit)
    .map(toPlace);
}

function toPlace(row: { run: number; job: string; scheduled: number; repeat: number | null }): RunPlace {
  return { ...row, scheduled: timeOf(row.scheduled), repeat: row.repeat ?? undefined };
}

/** @returns how many were deleted */
function deleteRuns({ database, sql }: LedgerFile, runs: readonly RunPlace[]): number {
  let count = 0;
  for (const { run } of runs) {
    // The condition on the state: it may have been retried in the meantime.
    const { changes } = sql(
      `DELETE FROM run WHERE run = ? AND state IN ('success', 'failed', 'skipped')`,
    ).run(run);
    if (Number(changes) === 0) continue;
    count++;
    sql('DELETE FROM report WHERE run = ?').run(run);
    sql('DELETE FROM try WHERE run = ?').run(run);
    sql('DELETE FROM task WHERE run = ?').run(run);
  }
  database.exec(`PRAGMA incremental_vacuum(${FREED_PAGES})`);
  return count;
}

/** Removes old requests, and jobs and graphs without runs. */
function forgetRest({ sql }: LedgerFile, now: number, ms: number): void {
  const before = Number.isFinite(ms) ? now - ms : 0;
  sql('DELETE FROM request WHERE time < ?').run(before);
  sql('DELETE FROM graph WHERE hash NOT IN (SELECT graph FROM run WHERE graph IS NOT NULL)').run();
  sql(
    `DELETE FROM job WHERE (gone < ? OR position < 0) AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = job.name)`,
  ).run(before);
}
