/** Why something cannot be asked for, so that nobody has to try. */

import { taskOf } from '../look.ts';
import type { JobJson, RunDetailJson, RunJson, RunState, TaskState } from '../runs-json.ts';

const DEAD = 'no schedule is running with this ledger';

/** Why a job can be asked for nothing; undefined when it can. */
export function jobRefusal(job: JobJson, isLive: boolean): string | undefined {
  if (!isLive) return DEAD;
  return job.gone === null ? undefined : 'no schedule has this job any more';
}

/** Why a run cannot be stopped; undefined when it can: run-tasks stops its own, whether a schedule lives or not. */
export function stopRefusal(
  { state, runner }: Pick<RunJson, 'state' | 'runner'>,
  isLive: boolean,
): string | undefined {
  const isUnderWay = state === 'running' || state === 'queued' || state === 'up_for_retry';
  if (isUnderWay && runner === 'run-tasks') return undefined;
  if (!isLive) return DEAD;
  return isUnderWay ? undefined : 'it has ended';
}

/** Why a run, or a task of it, cannot be tried again; undefined when it can. */
export function retryRefusal(state: RunState | TaskState, isLive: boolean): string | undefined {
  if (!isLive) return DEAD;
  return state === 'failed' || state === 'upstream_failed' ? undefined : 'only what failed can be retried';
}

/** The chosen task, where it is one that failed: an item counts for the task that it is of. */
export function retriedTask({ tasks, graph }: RunDetailJson, chosen: string | undefined): string | undefined {
  if (chosen === undefined || graph === null) return undefined;
  const name = taskOf(chosen);
  const state = tasks.find(({ task }) => task === name)?.state;
  return state === 'failed' || state === 'upstream_failed' ? name : undefined;
}
