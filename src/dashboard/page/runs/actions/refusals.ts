/** Why an action is unavailable, so that its button can be disabled. */

import { taskOf } from '../look.ts';
import type { JobJson, RunDetailJson, RunJson, RunState, TaskState } from '../runs-json.ts';

const DEAD = 'no schedule is running with this ledger';

/** Why no action on a job is possible; undefined if they are. */
export function jobRefusal(job: JobJson, isLive: boolean): string | undefined {
  if (!isLive) return DEAD;
  return job.gone === null ? undefined : 'no schedule has this job any more';
}

/** Why a run cannot be stopped; undefined if it can. run-tasks stops its own runs, even without a running schedule. */
export function stopRefusal(
  { state, runner }: Pick<RunJson, 'state' | 'runner'>,
  isLive: boolean,
): string | undefined {
  const isUnderWay = state === 'running' || state === 'queued' || state === 'up_for_retry';
  if (isUnderWay && runner === 'run-tasks') return undefined;
  if (!isLive) return DEAD;
  return isUnderWay ? undefined : 'it has ended';
}

/** Why a run or a task cannot be retried; undefined if it can. */
export function retryRefusal(state: RunState | TaskState, isLive: boolean): string | undefined {
  if (!isLive) return DEAD;
  return state === 'failed' || state === 'upstream_failed' ? undefined : 'only what failed can be retried';
}

/** The chosen task if it failed; an item stands for its task. */
export function retriedTask({ tasks, graph }: RunDetailJson, chosen: string | undefined): string | undefined {
  if (chosen === undefined || graph === null) return undefined;
  const name = taskOf(chosen);
  const state = tasks.find(({ task }) => task === name)?.state;
  return state === 'failed' || state === 'upstream_failed' ? name : undefined;
}
