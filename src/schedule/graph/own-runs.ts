/** The runs of a graph that have not come to their end, as a run-tasks sees them: whose turn it is, and what a killed one has left. */

import { Failure, status } from '../../failure.ts';
import { tryToRemove } from '../../files/remove.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { reportPath, taskOf } from '../../ledger/log-path.ts';
import { readRunnersOf, readUnfinishedOf } from '../../ledger/read-runs.ts';
import type { NextState, Run, TryResult, TryRow } from '../../ledger/records.ts';
import { readReports } from '../../ledger/report-file.ts';
import { triesOf } from '../../ledger/rows.ts';
import { isRunnerLive, liveRunners } from '../../ledger/runner-lock.ts';
import { isScheduleLive } from '../../ledger/schedule-lock.ts';
import { endLostRun, endTaskTry, type GraphEnd } from '../../ledger/tasks.ts';
import type { Job } from '../job.ts';
import { lostTry, type Search, wasBegun } from '../lost-tries.ts';
import { DEFAULT_POLICIES } from '../policies.ts';
import { unmeasured } from '../try.ts';
import { awaitTurn } from './overlap.ts';

export interface OwnRuns {
  readonly ledger: Ledger;
  /** The path of the ledger. */
  readonly path: string;
  readonly job: Job;
  readonly search: Omit<Search, 'runners'>;
}

/** Runs that are being done, or wait for a schedule that lives, in their order. @throws Failure of the ledger */
export async function runsAtWork(own: OwnRuns): Promise<Run[]> {
  const { ledger, job } = own;
  const isAtWork = await liveness(own);
  return (await ledger.read((file) => readUnfinishedOf(file, job.name))).filter(isAtWork);
}

/** Tells of an unfinished run of the graph whether somebody lives who does it. @throws Failure of the ledger */
async function liveness({ ledger, path, job }: OwnRuns): Promise<(run: Run) => boolean> {
  const live = await liveRunners(await ledger.read((file) => readRunnersOf(file, job.name)));
  const isLive = await isScheduleLive(path);
  return ({ runner }) => (runner === undefined ? isLive : live.has(runner));
}

interface Waiting {
  readonly signal: AbortSignal;
  /** Whether somebody has stopped it, and written that down. */
  isUnwanted(): boolean;
}

/**
 * Waits until no other run of the graph is being done, and none before this one waits for that; or somebody has stopped it.
 *
 * @returns false after a signal
 * @throws Failure (temporary) when it is not to wait: then it is written down as skipped
 */
export async function awaitOwnTurn(
  run: Run,
  own: OwnRuns,
  { signal, isUnwanted }: Waiting,
): Promise<boolean> {
  const { ledger, job, search } = own;
  const other = await awaitTurn(run, {
    ...{ ledger, who: 'run-tasks', overlap: job.policies.overlap, signal, now: search.now },
    isOver: isUnwanted,
    blocking: async () => {
      const isAtWork = await liveness(own);
      return (one) =>
        isAtWork(one) && one.trigger !== 'backfill' && (one.run < run.run || one.state !== 'queued');
    },
  });
  if (other === undefined && (!signal.aborted || isUnwanted())) return true;
  const reason = other === undefined ? 'stopped' : 'overlap';
  ledger.changeRun(run.run, { state: 'skipped', reason });
  if (other === undefined) return false;
  throw new Failure(status.temporary, `${job.name}: run ${other.run} is being done (overlap: skip)`);
}

/**
 * Ends what a run-tasks has left that was killed: what of its tries still runs is ended, or waited for, by the policy of its
 * task. Results that only the logs know are written down.
 */
export async function endLostRuns(own: OwnRuns): Promise<void> {
  const { ledger, job } = own;
  for (const run of await ledger.read((file) => readUnfinishedOf(file, job.name)))
    if (run.runner !== undefined && !(await isRunnerLive(run.runner))) await endLost(run, run.runner, own);
}

async function endLost(run: Run, runner: string, { ledger, job, search }: OwnRuns): Promise<void> {
  const tries = await ledger.read((file) => triesOf(file, run.run));
  const where: Search = { ...search, runners: [runner] };
  const open = tries.filter(({ state }) => state === 'running');
  const ends = await Promise.all(open.map((row) => endOf(row, run, { job, where })));
  const hasBegun = run.start !== undefined || ends.some((one) => one !== undefined);
  const state = hasBegun ? 'failed' : 'skipped';
  const end: GraphEnd = { state, reason: 'lost', status: undefined, end: search.now(), rows: undefined };
  await ledger.write((file) => {
    for (const one of ends) {
      if (one === undefined) continue;
      const { row, result, next } = one;
      const reports = readReports(reportPath(search.logFolder, run, row.task, row.number));
      endTaskTry(file, row, { result, reports, next });
    }
    endLostRun(file, run.run, end);
  });
  tryToRemove(runner);
}

interface LostEnd {
  readonly row: TryRow;
  readonly result: TryResult;
  readonly next: NextState;
}

/** How a try ended, once nothing of it runs. @returns none for one that was intended, and not begun */
async function endOf(
  row: TryRow,
  run: Run,
  { job, where }: { job: Job; where: Search },
): Promise<LostEnd | undefined> {
  if (!wasBegun(run, row, where)) return undefined;
  const { policies } = job.graph?.tasks.get(taskOf(row.task)) ?? { policies: DEFAULT_POLICIES };
  const { result, gone } = lostTry(run, row, policies, where);
  await gone;
  const end = result ?? unmeasured({ state: 'failed', reason: 'lost', status: undefined, end: where.now() });
  return { row, result: end, next: { state: end.state, reason: end.reason } };
}
