/** Goes on with a run of a graph that has ended, or was killed: `run-tasks --resume`. */

import { Failure, status } from '../../failure.ts';
import { type GraphRecord, graphOf } from '../../ledger/graphs.ts';
import { readLastRun } from '../../ledger/history.ts';
import { tasksAndItemsOf } from '../../ledger/read-tasks.ts';
import type { Run } from '../../ledger/records.ts';
import { resetTasks } from '../../ledger/tasks.ts';
import { retryRun } from '../../ledger/write-runs.ts';
import type { Left } from '../execution.ts';
import { isOfNow } from '../is-of-now.ts';
import type { Job } from '../job.ts';
import type { Graph } from './graph.ts';
import { type OwnRuns, runsAtWork } from './own-runs.ts';
import { type PastTask, planResume, refuseChanged } from './resume-run.ts';
import { partOf } from './select-tasks.ts';
import { tasksLeft } from './tasks-left.ts';

export interface Resume {
  readonly run: number | 'last';
  /** Whether a task that succeeded may do something else by now. */
  readonly force: boolean;
  /** The path of the lock of who goes on with it. */
  readonly runner: string;
}

/** A run to go on with; only with those tasks that it had, if it was one of a part of its graph. */
export interface Resumed {
  readonly run: Run;
  readonly job: Job;
  readonly left: Left;
}

/**
 * Commits what is to be done anew.
 *
 * @param own without what killed runners have left
 * @returns undefined when all of it is done, and the run has succeeded
 * @throws Failure (no input) when there is no such run; (configuration) for what has changed; (temporary) while it is done
 */
export async function resumeGraph(
  own: OwnRuns,
  graph: Graph,
  { run: which, force, runner }: Resume,
): Promise<Resumed | undefined> {
  const { ledger, job, search } = own;
  const run = await runOf(own, which);
  const { past, kept } = await ledger.read((file) => ({
    past: tasksAndItemsOf(file, run.run),
    kept: graphOf(file, run.graph ?? null),
  }));
  const part = partOfRun(graph, past, kept);
  const plan = planResume(part, past);
  if (!force) refuseChanged(plan, '--force keeps what it did');
  const had = namesOf(past);
  const isNew = [...part.tasks.keys()].some((name) => !had.has(name));
  // A run that was killed when all its tasks were done has only its own end to come to.
  if (plan.again.size === 0 && !isNew && run.state === 'success') return undefined;
  return ledger.write((file) => {
    resetTasks(file, run.run, plan);
    const again = retryRun(file, run.run, isOfNow(run, job, search.now()), runner) ?? run;
    const left: Left = { kind: 'tasks', tasks: tasksLeft(tasksAndItemsOf(file, run.run)) };
    return { run: again, job: { ...job, graph: part }, left };
  });
}

/** The tasks that a run is to have: as many as its file has now, unless it was one of a part of its graph. */
export function partOfRun(graph: Graph, past: readonly PastTask[], kept: GraphRecord | undefined): Graph {
  const had = namesOf(past);
  // It was ended before it had any: nothing of it was done.
  if (had.size === 0) return graph;
  const isPart = namesIn(kept?.tasks ?? []).some((name) => !had.has(name));
  return isPart ? partOf(graph, had) : graph;
}

function namesOf(past: readonly PastTask[]): Set<string> {
  return new Set(past.map(({ task, split }) => split ?? task));
}

/** @throws Failure */
async function runOf(own: OwnRuns, which: number | 'last'): Promise<Run> {
  const { ledger, path, job } = own;
  const number =
    which === 'last' ? await ledger.read((file) => readLastRun(file, job.name, 'resumable')) : which;
  const run = number === undefined ? undefined : await ledger.run(number);
  if (run === undefined)
    throw new Failure(
      status.noInput,
      which === 'last' ? `${path}: no run of ${job.name}` : `${path}: no such run: ${which}`,
    );
  if (run.job !== job.name)
    throw new Failure(status.usage, `run ${run.run} is one of ${run.job}, not of ${job.name}`);
  if (run.graph === undefined)
    throw new Failure(status.noInput, `run ${run.run} is one of a line of a crontab`);
  if ((await runsAtWork(own)).some((one) => one.run === run.run))
    throw new Failure(status.temporary, `run ${run.run} is being done`);
  return run;
}

function namesIn(tasks: readonly object[]): string[] {
  return tasks.flatMap((task) => ('name' in task && typeof task.name === 'string' ? task.name : []));
}
