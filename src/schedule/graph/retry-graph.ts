/** Retries an ended run of a graph: its failed tasks, or one task and everything downstream of it. */

import { Failure, status } from '../../failure.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Run } from '../../ledger/records.ts';
import { retryRun } from '../../ledger/write-runs.ts';
import type { Job } from '../jobs/job.ts';
import type { Graph } from './graph.ts';
import { alreadyActive, applyPlan, partOfRun, type Resumed, readPastRun } from './past-run.ts';
import {
  type PastTask,
  planRepeat,
  planResume,
  planRetry,
  type ResumePlan,
  refuseChanged,
} from './resume-plan.ts';

interface Retry {
  readonly ledger: Ledger;
  /** Undefined: the failed tasks, or all tasks if none has failed. */
  readonly task: string | undefined;
  readonly isOfNow: boolean;
}

/** Requeues the run in one transaction. @returns how it continues, or why it does not @throws Failure of the ledger */
export async function retryGraph(
  run: Run,
  job: Job,
  { ledger, task, isOfNow }: Retry,
): Promise<Resumed | Failure> {
  if (job.graph === undefined) return new Failure(status.unavailable, `${job.name} is no longer a graph`);
  const before = await ledger.read((file) => readPastRun(file, run));
  const graph = partOfRun(job.graph, before);
  const plan = planOf(graph, before.past, task);
  if (plan instanceof Failure) return plan;
  return ledger.write((file) => {
    const again = retryRun(file, run.run, isOfNow);
    if (again === undefined) return alreadyActive(run);
    return { run: again, left: applyPlan(file, run.run, plan), job: { ...job, graph } };
  });
}

function planOf(graph: Graph, past: readonly PastTask[], task: string | undefined): ResumePlan | Failure {
  try {
    const plan = task === undefined ? planResume(graph, past) : planRetry(graph, past, task);
    const isEmpty = plan.again.size === 0 && [...graph.tasks.keys()].every((name) => plan.kept.has(name));
    const whole = isEmpty ? planRepeat(graph, past) : plan;
    refuseChanged(whole, 'retry that task');
    return whole;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
