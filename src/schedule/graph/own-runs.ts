/** The runs of a graph that have not come to their end, as a run-tasks sees them: which are being done, and whose turn it is. */

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
