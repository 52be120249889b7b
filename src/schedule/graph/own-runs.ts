/** The unfinished runs of a graph, as run-tasks sees them: which are active, and whose turn it is. */

import { Failure, status } from '../../failure.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readRunnersOf, readUnfinishedOf } from '../../ledger/read-runs.ts';
import type { Run } from '../../ledger/records.ts';
import { liveRunners } from '../../ledger/runner-lock.ts';
import { isScheduleLive } from '../../ledger/schedule-lock.ts';
import type { Job } from '../jobs/job.ts';
import type { Search } from '../lost-tries.ts';
import { awaitTurn } from './execution/overlap.ts';

export interface OwnRuns {
  readonly ledger: Ledger;
  /** Path of the ledger. */
  readonly path: string;
  readonly job: Job;
  readonly search: Omit<Search, 'runners'>;
}

/** Unfinished runs whose runner, or schedule, is alive, in their order. @throws Failure of the ledger */
export async function runsAtWork(own: OwnRuns): Promise<Run[]> {
  const { ledger, job } = own;
  const isAtWork = await liveness(own);
  return (await ledger.read((file) => readUnfinishedOf(file, job.name))).filter(isAtWork);
}

/** @returns whether the runner of an unfinished run, or its schedule, is alive @throws Failure of the ledger */
async function liveness({ ledger, path, job }: OwnRuns): Promise<(run: Run) => boolean> {
  const live = await liveRunners(await ledger.read((file) => readRunnersOf(file, job.name)));
  const isLive = await isScheduleLive(path);
  return ({ runner }) => (runner === undefined ? isLive : live.has(runner));
}

interface Waiting {
  readonly signal: AbortSignal;
  /** Whether somebody has stopped the run, which the ledger then says. */
  isUnwanted(): boolean;
}

/**
 * Waits until no other run of the graph is active, and no earlier one is waiting; or until somebody stops this run.
 *
 * @returns false after a signal
 * @throws Failure (temporary) under `overlap: skip`, once the run is marked as skipped
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
