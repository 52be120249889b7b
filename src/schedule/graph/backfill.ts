/** Runs a graph for past times of its schedule: `run-tasks --backfill`. */

import { Failure, status } from '../../failure.ts';
import type { LedgerFile } from '../../ledger/ledger-file.ts';
import { isUnfinished } from '../../ledger/read-runs.ts';
import type { NewRun, Run } from '../../ledger/records.ts';
import { RUN_COLUMNS, toRun } from '../../ledger/rows.ts';
import { addRun } from '../../ledger/write-runs.ts';
import { intervalOfDue } from '../due/data-interval.ts';
import { dueTimes, type Span } from '../due/due.ts';
import type { Job } from '../jobs/job.ts';

/** More are a mistake. */
const MOST_RUNS = 100_000;

/** The runs for the due times of a span, the oldest first. */
export interface Backfill {
  /** To be done. Some may have tasks already: they are gone on with. */
  readonly runs: readonly Run[];
  /** How many have succeeded before. */
  readonly done: number;
  /** How many others do right now. */
  readonly elsewhere: number;
}

/** The due times from `from` to `to`, both included, that have come. @throws Failure (usage) when there are none, or too many */
export function timesOf({ name, when }: Job, { from, to: last }: Span, now: number): number[] {
  if (when.kind !== 'minutes' && when.kind !== 'interval')
    throw new Failure(status.usage, `--backfill: ${name} has no schedule`);
  // What a time that has not come is to work on is not there yet.
  const to = Math.min(last, now);
  const times: number[] = [];
  for (const time of dueTimes(when, { from: from - 1, to })) {
    if (times.length >= MOST_RUNS)
      throw new Failure(status.usage, `--backfill: more than ${MOST_RUNS} times`);
    times.push(time);
  }
  if (times.length === 0)
    throw new Failure(status.usage, `--backfill: ${name} ${to < last ? 'was' : 'is'} not due in that time`);
  return times;
}

/**
 * Decides a run for each time that none has succeeded for yet. A time has one run by schedule, however often it is filled.
 *
 * @param atWork numbers of runs that are being done
 */
export function decideBackfill(
  file: LedgerFile,
  times: readonly number[],
  { job, runner, now, atWork }: { job: Job; runner: string; now: number; atWork: ReadonlySet<number> },
): Backfill {
  const runs: Run[] = [];
  let [done, elsewhere] = [0, 0];
  const isDone = successes(file, job.name);
  for (const scheduled of times) {
    const found = runFor(file, job.name, scheduled);
    if (found?.state === 'success' || isDone(scheduled)) done++;
    else if (found !== undefined && isBeingDone(found, atWork)) elsewhere++;
    else {
      const run = newRun(job, scheduled, runner);
      const taken =
        found === undefined ? addRun(file, run, { now, decided: undefined }) : take(file, found, run);
      if (taken !== undefined) runs.push(taken);
    }
  }
  return { runs, done, elsewhere };
}

/** Also by a run-tasks that has begun since it was looked which ones are: what killed ones have left had been ended. */
function isBeingDone(run: Run, atWork: ReadonlySet<number>): boolean {
  return atWork.has(run.run) || (run.runner !== undefined && isUnfinished(run));
}

/** The newest run by schedule for a time. */
function runFor({ sql }: LedgerFile, job: string, scheduled: number): Run | undefined {
  const row = sql(
    `SELECT ${RUN_COLUMNS} FROM run
     WHERE job = ? AND scheduled = ? AND repeat IS NOT NULL ORDER BY repeat DESC LIMIT 1`,
  ).get(job, scheduled);
  return row && toRun(row);
}

/** Of runs by hand for a time, and of those that made up for a gap. */
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

/** Takes up a run that failed, was skipped, or was killed: it stands for its own time only. */
function take({ sql }: LedgerFile, { run }: Run, { trigger, dataStart, runner }: NewRun): Run {
  const row = sql(
    `UPDATE run SET state = 'queued', "trigger" = ?, data_start = ?, count = 1, runner = ?, reason = NULL, "end" = NULL,
       is_of_now = 0 WHERE run = ? RETURNING ${RUN_COLUMNS}`,
  ).get(trigger, dataStart, runner ?? null, run);
  return toRun(row);
}
