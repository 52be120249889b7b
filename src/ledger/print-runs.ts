/** Prints what a ledger knows: jobs, runs, one run. */

import { Failure, status } from '../failure.ts';
import { formatRows, type Row, type RowFormat } from '../lines/format-rows.ts';
import { type RunFilter, readBefore, readHistories, readLastRun, readRuns } from './history.ts';
import { readJobs } from './jobs.ts';
import { logFolderOf } from './log-path.ts';
import { findLost, isLost, type Lost, lostTask, lostTryRow, readLostFailures, runAsItIs } from './lost.ts';
import type { LedgerReader } from './reader.ts';
import type { KnownJob } from './records.ts';
import type { WhichRun } from './run-words.ts';
import { jobColumns, jobRow, shownRuns } from './show-jobs.ts';
import { type RunDetails, readDetails, showRun } from './show-run.ts';
import { runColumns, runRow, shortColumns, shortRow, tryRow, untriedRow } from './show-runs.ts';
import { rowsOf } from './write-runs.ts';

/** How to read and display a ledger. */
export interface LedgerView {
  readonly reader: LedgerReader;
  /** Its path. */
  readonly ledger: string;
  readonly now: number;
  /** `people`: aligned columns, with less detail. */
  readonly format: RowFormat | 'people';
  readonly isAscii: boolean;
  /** The width of the terminal; undefined for none. */
  readonly width: number | undefined;
  /** A job's next due time after `after`. */
  nextDueOf(job: KnownJob, after: number): number | undefined;
}

/** @param verb decides which run `last` means, since not every run has a log or can be stopped @throws Failure (no input) */
export async function findRun(
  { which, verb }: { which: WhichRun; verb: string },
  reader: LedgerReader,
): Promise<number> {
  if ('number' in which) return which.number;
  const kind = verb === 'logs' ? 'begun' : verb === 'stop' ? 'unfinished' : 'any';
  const { run } = await reader.get((file) => ({ run: readLastRun(file, which.lastOf, kind) }));
  if (run !== undefined) return run;
  throw new Failure(status.noInput, which.lastOf === undefined ? 'no run yet' : `no run of ${which.lastOf}`);
}

/** A line for each job of the schedule. */
export async function* listJobs(view: LedgerView): AsyncGenerator<string> {
  const { reader, now, isAscii, width, format, nextDueOf } = view;
  const lost = await findLost((work) => reader.get(work), now);
  const histories = (await reader.get(readHistories)).map((history) => ({
    ...history,
    recent: history.recent.map((run) => runAsItIs(run, lost)),
  }));
  const most = shownRuns(histories, format === 'people' ? width : undefined);
  const style = { isAscii, most, isForPeople: format === 'people' || format === 'table' };
  const rows = histories.map((history) =>
    jobRow(history, { now, nextDue: (after) => nextDueOf(history.job, after) }, style),
  );
  yield* formatRows(batch(rows), jobColumns, format === 'people' ? 'table' : format);
}

/** @throws Failure (no input) for an unknown job */
export async function* listRuns(filter: RunFilter, view: LedgerView): AsyncGenerator<string> {
  const { reader, now, format } = view;
  await refuseUnknown(filter.job, reader);
  if (format !== 'people') return yield* formatRows(pages(filter, view, runRow), runColumns, format);
  const short = pages(filter, view, (run) => shortRow(run, now));
  yield* formatRows(short, shortColumns, 'table');
}

async function* pages(
  filter: RunFilter,
  { reader, now }: LedgerView,
  toRow: (run: ReturnType<typeof readRuns>[number]) => Row,
): AsyncGenerator<Row[]> {
  const lost = await findLost((work) => reader.get(work), now);
  const failures = await reader.get((file) => readLostFailures(file, filter.job, lost));
  const wanted = { ...filter, lost: failures.map(({ run }) => run) };
  let { after } = await reader.get((file) => ({ after: readBefore(file, filter.since) }));
  for (;;) {
    const runs = await reader.get((file) => readRuns(file, wanted, after));
    yield runs.map((run) => toRow(runAsItIs(run, lost)));
    const last = runs.at(-1);
    if (last === undefined || filter.most !== undefined) return;
    after = last.run;
  }
}

async function refuseUnknown(job: string | undefined, reader: LedgerReader): Promise<void> {
  if (job === undefined) return;
  const isKnown = (file: Parameters<typeof readJobs>[0]) =>
    readLastRun(file, job) !== undefined || readJobs(file).some(({ name }) => name === job);
  const { known } = await reader.get((file) => ({ known: isKnown(file) }));
  if (!known) throw new Failure(status.noInput, `no such job: ${job}`);
}

/** Everything about a run for people; for programs, a row per try or untried task. @throws Failure (no input) */
export async function* printRun(number: number, view: LedgerView): AsyncGenerator<string> {
  const { reader, ledger, now, format } = view;
  const lost = await findLost((work) => reader.get(work), now);
  const { read } = await reader.get((file) => ({ read: readDetails(file, number) }));
  const details = read && detailsAsTheyAre(read, lost);
  if (details === undefined) throw new Failure(status.noInput, `no such run: ${number}`);
  if (format === 'people') return yield showRun(details, { logFolder: logFolderOf(ledger), now });
  const { run, tasks, tries, reports } = details;
  const untried = tasks.filter((task) => task.tries === 0).map((task) => untriedRow(run, task));
  const rows = tries.map((one) => {
    const own = reports.filter((report) => report.task === one.task && report.number === one.number);
    return tryRow(run, one, rowsOf(own));
  });
  yield* formatRows(batch([...rows, ...untried]), runColumns, format);
}

function detailsAsTheyAre(details: RunDetails, lost: Lost): RunDetails {
  const { run, tasks, tries } = details;
  if (!isLost(run, lost)) return details;
  return {
    ...details,
    run: runAsItIs(run, lost),
    tasks: tasks.map((task) => lostTask(task, lost)),
    tries: tries.map((one) => lostTryRow(one, lost)),
  };
}

async function* batch(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows;
}
