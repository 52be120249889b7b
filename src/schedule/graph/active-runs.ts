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

export interface GraphRuns {
  readonly ledger: Ledger;
  /** Path of the ledger. */
  readonly path: string;
  readonly job: Job;
  readonly search: Omit<Search, 'runners'>;
}

/** Unfinished runs whose runner, or schedule, is alive, in their order. @throws Failure of the ledger */
export async function activeRuns(graphRuns: GraphRuns): Promise<Run[]> {
  const { ledger, job } = graphRuns;
  const isActive = await liveness(graphRuns);
  return (await ledger.read((file) => readUnfinishedOf(file, job.name))).filter(isActive);
}

/** @returns whether the runner of an unfinished run, or its schedule, is alive @throws Failure of the ledger */
async function liveness({ ledger, path, job }: GraphRuns): Promise<(run: Run) => boolean> {
  const live = await liveRunners(await ledger.read((file) => readRunnersOf(file, job.name)));
  const isLive = await isScheduleLive(path);
  return ({ runner }) => (runner === undefined ? isLive : live.has(runner));
}

interface Waiting {
  readonly signal: AbortSignal;
  /** Whether somebody has stopped the run, which the ledger then says. */
  isCancelled(): boolean;
}

/**
 * Waits until no other run of the graph is active, and no earlier one is waiting; or until somebody stops this run.
 *
 * @returns false after a signal
 * @throws Failure (temporary) under `overlap: skip`, once the run is marked as skipped
 */
export async function awaitTurnOrSkip(
  run: Run,
  graphRuns: GraphRuns,
  { signal, isCancelled }: Waiting,
): Promise<boolean> {
  const { ledger, job, search } = graphRuns;
  const other = await awaitTurn(run, {
    ...{ ledger, who: 'run-tasks', overlap: job.policies.overlap, signal, now: search.now },
    isOver: isCancelled,
    blocking: async () => {
      const isActive = await liveness(graphRuns);
      return (one) =>
        isActive(one) && one.trigger !== 'backfill' && (one.run < run.run || one.state !== 'queued');
    },
  });
  if (other === undefined && (!signal.aborted || isCancelled())) return true;
  const reason = other === undefined ? 'stopped' : 'overlap';
  ledger.changeRun(run.run, { state: 'skipped', reason });
  if (other === undefined) return false;
  throw new Failure(status.temporary, `${job.name}: run ${other.run} is in progress (overlap: skip)`);
}
