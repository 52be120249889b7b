/** Runs a graph: once, as a backfill of past due times, or by resuming an earlier run. */

import { atOnce } from '../../async/at-once.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { tasksAndItemsOf } from '../../ledger/read-tasks.ts';
import type { Run } from '../../ledger/records.ts';
import { intervalAt } from '../due/data-interval.ts';
import { nextDue } from '../due/due.ts';
import type { Left } from '../execution.ts';
import type { Job } from '../jobs/job.ts';
import { endLostRuns } from '../lost-runs.ts';
import { activeRuns } from './active-runs.ts';
import { decideBackfill, timesOf } from './backfill.ts';
import type { Graph } from './graph.ts';
import { graphJob } from './graph-job.ts';
import { type GraphIo, type GraphSession, type GraphSettings, withGraphSession } from './graph-session.ts';
import { applyPlan } from './past-run.ts';
import { resumeGraph } from './resume-graph.ts';
import { planResume } from './resume-plan.ts';
import type { RunMode } from './run-mode.ts';
import type { RunReport } from './run-report.ts';

export interface RunTasksContext {
  readonly settings: GraphSettings;
  readonly io: GraphIo;
  readonly report: RunReport;
}

/** @returns text to print at the end @throws Failure of the ledger, or for what cannot be run */
export async function runTasks(
  graph: Graph,
  mode: RunMode,
  { settings, io, report }: RunTasksContext,
): Promise<string> {
  const job = graphJob(graph);
  return withGraphSession(job, { settings, io, events: report }, async (session) => {
    const { ledger, search } = session.graphRuns;
    await endLostRuns(ledger, search, { job: job.name });
    const work = { session, io, report };
    if (mode.kind === 'backfill') return backfill(job, mode, work);
    await (mode.kind === 'once' ? once(job, mode, work) : resume(graph, mode, work));
    return '';
  });
}

interface Work {
  readonly session: GraphSession;
  readonly io: GraphIo;
  readonly report: RunReport;
}

type Kind<Name extends RunMode['kind']> = Extract<RunMode, { kind: Name }>;

async function once(job: Job, { at, env, part }: Kind<'once'>, { session, io, report }: Work): Promise<void> {
  const scheduled = at ?? io.now();
  const added = {
    ...{ trigger: 'manual' as const, scheduled, repeat: undefined, env, isOfNow: at === undefined },
    ...intervalAt(job.when, scheduled),
  };
  const run = await session.add(added, part);
  if (await session.awaitTurn(run)) await report.ended(await session.execute(run, { ...job, graph: part }));
}

async function resume(
  graph: Graph,
  { run, force }: Kind<'resume'>,
  { session, io, report }: Work,
): Promise<void> {
  const resumed = await resumeGraph(session.graphRuns, graph, { run, force, runner: session.runner });
  if (resumed === undefined) return io.warn(`${graph.name}: everything in that run has succeeded`);
  if (await session.awaitTurn(resumed.run))
    await report.ended(await session.execute(resumed.run, resumed.job, resumed.left));
}

/** @returns one line that sums it up */
async function backfill(
  job: Job,
  { span, mostAtOnce }: Kind<'backfill'>,
  { session, io, report }: Work,
): Promise<string> {
  const times = timesOf(job, span, io.now());
  const isCut = span.to > io.now() && (nextDue(job.when, io.now()) ?? Number.POSITIVE_INFINITY) <= span.to;
  if (isCut) io.warn(`${job.name}: times later than now are left to its schedule`);
  const { ledger, runner, graphRuns } = session;
  const active = new Set((await activeRuns(graphRuns)).map(({ run }) => run));
  const plan = await ledger.write((file) =>
    decideBackfill(file, times, { job, runner, now: io.now(), active }),
  );
  const ends = await atOnce(plan.runs, mostAtOnce, async (run) => {
    if (io.signal.aborted) {
      ledger.changeRun(run.run, { state: 'skipped', reason: 'stopped' });
      return undefined;
    }
    const ended = await session.execute(run, job, await leftOf(run, job, ledger));
    await report.ended(ended);
    return ended;
  });
  return report.filled({ ...plan, due: times.length, ends });
}

/** What a resumed run continues with; undefined for a run that has no tasks yet. */
async function leftOf({ run }: Run, { graph }: Job, ledger: Ledger): Promise<Left | undefined> {
  return ledger.write((file): Left | undefined => {
    const past = tasksAndItemsOf(file, run);
    if (past.length === 0 || graph === undefined) return undefined;
    return applyPlan(file, run, planResume(graph, past));
  });
}
