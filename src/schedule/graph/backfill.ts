/** Chooses the runs of a backfill, one for each past due time of the schedule: `run-tasks --backfill`. */

import { Failure, status } from '../../failure.ts';
import type { LedgerFile } from '../../ledger/ledger-file.ts';
import { isUnfinished } from '../../ledger/read-runs.ts';
import type { NewRun, Run } from '../../ledger/records.ts';
import { RUN_COLUMNS, toRun } from '../../ledger/rows.ts';
import { addRun } from '../../ledger/write-runs.ts';
import { intervalOfDue } from '../due/data-interval.ts';
import { dueTimes, type Span } from '../due/due.ts';
import type { Job } from '../jobs/job.ts';

/** A backfill with more runs than this is a mistake. */
const MAX_RUNS = 100_000;

/** The runs for the due times of a span, oldest first. */
export interface Backfill {
  /** Runs to execute. Those that already have tasks are resumed. */
  readonly runs: readonly Run[];
  /** Number of due times that already have a successful run. */
  readonly done: number;
  /** Number of due times whose run another process is executing. */
  readonly elsewhere: number;
}

/** The due times in a span, both ends included, up to now. @throws Failure (usage) when there are none, or too many */
export function timesOf({ name, when }: Job, { from, to: last }: Span, now: number): number[] {
  if (when.kind !== 'minutes' && when.kind !== 'interval')
    throw new Failure(status.usage, `--backfill: ${name} has no schedule`);
  // The data of a future interval does not exist yet.
  const to = Math.min(last, now);
  const times: number[] = [];
  for (const time of dueTimes(when, { from: from - 1, to })) {
    if (times.length >= MAX_RUNS) throw new Failure(status.usage, `--backfill: more than ${MAX_RUNS} times`);
    times.push(time);
  }
  if (times.length === 0)
    throw new Failure(status.usage, `--backfill: ${name} ${to < last ? 'was' : 'is'} not due in that time`);
  return times;
}

/**
 * Queues a run for each time that has no successful run yet. However often a time is backfilled, it keeps one scheduled run.
 *
 * @param active numbers of the runs being executed now
 */
export function decideBackfill(
  file: LedgerFile,
  times: readonly number[],
  { job, runner, now, active }: { job: Job; runner: string; now: number; active: ReadonlySet<number> },
): Backfill {
  const runs: Run[] = [];
  let [done, elsewhere] = [0, 0];
  const isDone = successes(file, job.name);
  for (const scheduled of times) {
    const found = runFor(file, job.name, scheduled);
    if (found?.state === 'success' || isDone(scheduled)) done++;
    else if (found !== undefined && isActive(found, active)) elsewhere++;
    else {
      const run = newRun(job, scheduled, runner);
      const taken =
        found === undefined ? addRun(file, run, { now, decided: undefined }) : requeue(file, found, run);
      if (taken !== undefined) runs.push(taken);
    }
  }
  return { runs, done, elsewhere };
}

/** True also for a run that another run-tasks began after `active` was read: runs of killed runners have been ended. */
function isActive(run: Run, active: ReadonlySet<number>): boolean {
  return active.has(run.run) || (run.runner !== undefined && isUnfinished(run));
}

/** The newest scheduled run for a time. */
function runFor({ sql }: LedgerFile, job: string, scheduled: number): Run | undefined {
  const row = sql(
    `SELECT ${RUN_COLUMNS} FROM run
     WHERE job = ? AND scheduled = ? AND repeat IS NOT NULL ORDER BY repeat DESC LIMIT 1`,
  ).get(job, scheduled);
  return row && toRun(row);
}

/** Whether a manual run for a time, or a catch-up run for a gap that includes it, has succeeded. */
function successes({ sql }: LedgerFile, job: string): (scheduled: number) => boolean {
  const rows: { scheduled: number; start: number; count: number }[] = sql(
    `SELECT scheduled, data_start AS start, count FROM run
     WHERE job = ? AND state = 'success' AND (repeat IS NULL OR count > 1)`,
  ).all(job);
  const byHand = new Set(rows.map(({ scheduled }) => scheduled));
  const gaps = rows.filter(({ count }) => count > 1);
  return (time) => byHand.has(time) || gaps.some(({ scheduled, start }) => start < time && time <= scheduled);
}

function newRun({ name, when, graph }: Job, scheduled: number, runner: string): NewRun {
  return {
    ...{ job: name, trigger: 'backfill', scheduled, repeat: 0, ...intervalOfDue(when, scheduled) },
    ...{ state: 'queued', isOfNow: false, runner, ...(graph !== undefined && { graph: graph.hash }) },
  };
}

/** Requeues a run that failed, was skipped or was killed. From now on it covers only its own time, not a gap before it. */
function requeue({ sql }: LedgerFile, { run }: Run, { trigger, dataStart, runner }: NewRun): Run {
  const row = sql(
    `UPDATE run SET state = 'queued', "trigger" = ?, data_start = ?, count = 1, runner = ?, reason = NULL, "end" = NULL,
       is_of_now = 0 WHERE run = ? RETURNING ${RUN_COLUMNS}`,
  ).get(trigger, dataStart, runner ?? null, run);
  return toRun(row);
}
