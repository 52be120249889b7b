/** What the tasks of one run of a graph share. */

import { Failure } from '../../../failure.ts';
import { runDirectory } from '../../../ledger/log-path.ts';
import type { Run } from '../../../ledger/records.ts';
import type { Job } from '../../jobs/job.ts';
import type { RunWorld } from '../../run-world.ts';
import { readEnvFile } from '../../tries/env-file.ts';
import type { Slots } from '../../tries/slots.ts';
import type { TaskPlace, TryOrder } from '../../tries/try.ts';
import type { Graph, Task } from '../graph.ts';

export interface GraphContext {
  readonly run: Run;
  readonly job: Job;
  readonly graph: Graph;
  readonly world: RunWorld;
  /** `dataEnd` of the newest successful run of the graph. */
  readonly since: number | undefined;
  readonly runDirectory: string;
  readonly fileEnv: Readonly<Record<string, string>>;
  /** Why no task can be started. */
  readonly refusal: Failure | undefined;
  /** The limits on concurrent tries that apply to a task. */
  limitsOf(task: Task): readonly Slots[];
}

export function graphContext(
  run: Run,
  around: Pick<GraphContext, 'job' | 'graph' | 'world' | 'since'>,
): GraphContext {
  const { graph, world } = around;
  return {
    ...{ ...around, run, runDirectory: runDirectory(world.logFolder, run) },
    ...secretsOf(graph),
    limitsOf: (task) => [world.pools.of(task, graph) ?? []].flat(),
  };
}

/** Reads the secrets when a run begins, so that they can change without a restart. */
function secretsOf({ envFile }: Graph): Pick<GraphContext, 'fileEnv' | 'refusal'> {
  try {
    return { fileEnv: envFile === undefined ? {} : readEnvFile(envFile), refusal: undefined };
  } catch (error) {
    if (error instanceof Failure) return { fileEnv: {}, refusal: error };
    throw error;
  }
}

/** A task as the job of its tries. */
export function jobOfTask({ command, env, policies, place }: Task, { job, graph }: GraphContext): Job {
  return {
    ...{ name: job.name, when: job.when, schedule: job.schedule, command, input: '' },
    ...{ env: { ...graph.env, ...env }, policies, place },
  };
}

/** A try of a task, or of an item of it. */
export function taskOrder(
  { job, name, number }: { job: Job; name: string; number: number },
  { run, since, refusal }: GraphContext,
  around: TaskPlace,
): TryOrder {
  const { repeat, scheduled, dataStart, dataEnd, isOfNow, env } = run;
  return {
    ...{ job, run: run.run, repeat, task: name, number, scheduled, dataStart, dataEnd, since, isOfNow, env },
    ...{ around, ...(refusal !== undefined && { refusal }) },
  };
}

/** A try that stands for the whole run, for hooks, with the policies of the graph. @param last a try of a task */
export function orderOfRun(context: GraphContext, last?: TryOrder): TryOrder {
  const { job, graph, runDirectory, fileEnv } = context;
  const [first = job.name] = graph.tasks.keys();
  const { task: name, number } = last ?? { task: first, number: 1 };
  const around = { cwd: graph.folder, runDirectory, fileEnv };
  return taskOrder({ job: { ...job, env: graph.env }, name, number }, context, around);
}
