/** Resumes a run of a graph that has ended or was killed: `run-tasks --resume`. */

import { Failure, status } from '../../failure.ts';
import { readLastRun } from '../../ledger/history.ts';
import type { Run } from '../../ledger/records.ts';
import { retryRun } from '../../ledger/write-runs.ts';
import { isOfNow } from '../is-of-now.ts';
import { activeRuns, type GraphRuns } from './active-runs.ts';
import type { Graph } from './graph.ts';
import { alreadyActive, applyPlan, namesOf, partOfRun, type Resumed, readPastRun } from './past-run.ts';
import { planResume, refuseChanged } from './resume-plan.ts';

export interface Resume {
  readonly run: number | 'last';
  /** Whether to resume even if a task has changed since it succeeded. */
  readonly force: boolean;
  /** Path of the lock of the process that resumes the run. */
  readonly runner: string;
}

/**
 * Resets the tasks to be repeated, and requeues the run, in one transaction.
 *
 * @param graphRuns in which runs of killed runners have been ended
 * @returns undefined when there is nothing to repeat, and the run has succeeded
 * @throws Failure (no input) for no such run; (usage) for a run of another graph; (configuration) for a task that has
 * changed; (temporary) for an active run
 */
export async function resumeGraph(
  graphRuns: GraphRuns,
  graph: Graph,
  { run: which, force, runner }: Resume,
): Promise<Resumed | undefined> {
  const { ledger, job, search } = graphRuns;
  const run = await runOf(graphRuns, which);
  const before = await ledger.read((file) => readPastRun(file, run));
  const part = partOfRun(graph, before);
  const plan = planResume(part, before.past);
  if (!force) refuseChanged(plan, '--force keeps what it did');
  const had = namesOf(before.past);
  const isNew = [...part.tasks.keys()].some((name) => !had.has(name));
  // If all tasks were done when a run was killed, only the run itself is still to be ended.
  if (plan.again.size === 0 && !isNew && run.state === 'success') return undefined;
  const resumed = await ledger.write((file) => {
    const again = retryRun(file, run.run, isOfNow(run, job, search.now()), runner);
    return again && { run: again, left: applyPlan(file, run.run, plan), job: { ...job, graph: part } };
  });
  if (resumed === undefined) throw alreadyActive(run);
  return resumed;
}

/** @throws Failure */
async function runOf(graphRuns: GraphRuns, which: number | 'last'): Promise<Run> {
  const { ledger, path, job } = graphRuns;
  const number =
    which === 'last' ? await ledger.read((file) => readLastRun(file, job.name, 'resumable')) : which;
  const run = number === undefined ? undefined : await ledger.run(number);
  if (run === undefined)
    throw new Failure(
      status.noInput,
      which === 'last' ? `${path}: no run of ${job.name}` : `${path}: no such run: ${which}`,
    );
  if (run.job !== job.name)
    throw new Failure(status.usage, `run ${run.run} belongs to ${run.job}, not to ${job.name}`);
  if (run.graph === undefined)
    throw new Failure(status.noInput, `run ${run.run} belongs to a crontab line, not to a graph`);
  if ((await activeRuns(graphRuns)).some((one) => one.run === run.run)) throw alreadyActive(run);
  return run;
}
