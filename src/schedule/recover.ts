/**
 * Crash recovery: resumes the runs that a killed schedule left unfinished. Its tries are stopped or waited for, and count as lost
 * unless their logs hold a result; queued runs are started. Tasks of a graph that have a result are not repeated.
 */

import { logPath } from '../ledger/log-path.ts';
import type { Unfinished } from '../ledger/read-runs.ts';
import type { NextState, Run, TaskRow, TryRow } from '../ledger/records.ts';
import type { Left } from './execution.ts';
import { type OpenTry, tasksLeft } from './graph/execution/tasks-left.ts';
import { graphOfRun } from './graph/kept-graph.ts';
import { isOfNow } from './is-of-now.ts';
import type { Job } from './jobs/job.ts';
import { DEFAULT_POLICIES } from './jobs/policies.ts';
import { endProcesses, lostTry, processesLeft, type Search, wasBegun } from './lost-tries.ts';
import { readLogEnd } from './tries/log-end.ts';
import { findTriesOf, type TryProcess } from './tries/orphans.ts';

const LOST: NextState = { state: 'failed', reason: 'lost' };
const MISSED: NextState = { state: 'skipped', reason: 'missed' };

export interface Recovery extends Search {
  readonly jobs: ReadonlyMap<string, Job>;
  /** Numbers of the runs of run-tasks, whose processes are none of ours. */
  readonly others: ReadonlySet<number>;
  /** Resumes a run. */
  take(run: Run, job: Job, left?: Left): void;
  /** Called with a run whose job no longer exists. */
  giveUp(run: Run, next: NextState): void;
}

/** An unfinished run. */
interface Found extends Unfinished {
  /** Tries that were started, and may still be running. */
  readonly begun: readonly TryRow[];
  /** Tries that were intended but never started. */
  readonly intended: readonly TryRow[];
}

/** Resolves when processes that belong to no job or run any more have ended. */
export async function recover(unfinished: readonly Unfinished[], recovery: Recovery): Promise<void> {
  const ends = [leftBehind(unfinished, recovery)];
  const found = unfinished.map((one) => look(one, recovery));
  // Runs with live tries go first, so that the job's other runs queue behind them.
  for (const one of found) if (one.begun.length > 0) ends.push(takeUp(one, recovery));
  for (const one of found) if (one.begun.length === 0) ends.push(takeUp(one, recovery));
  await Promise.all(ends);
}

function look(one: Unfinished, recovery: Recovery): Found {
  const running = one.tries.filter(({ state }) => state === 'running');
  const begun = running.filter((row) => wasBegun(one.run, row, recovery));
  return { ...one, begun, intended: running.filter((row) => !begun.includes(row)) };
}

async function takeUp(found: Found, recovery: Recovery): Promise<void> {
  const job = recovery.jobs.get(found.run.job);
  if (job === undefined) return leave(found, recovery);
  // Its time may have passed.
  const run = { ...found.run, isOfNow: isOfNow(found.run, job, recovery.now()) };
  if (run.graph !== undefined) {
    const ofRun = graphOfRun(run, job, found);
    return recovery.take(run, ofRun, graphLeft(found, ofRun, recovery));
  }
  const [begun] = found.begun;
  const [intended] = found.intended;
  if (begun !== undefined) recovery.take(run, job, lostTry(run, begun, job.policies, recovery));
  // The intended try is made now, under its number.
  else if (intended !== undefined) recovery.take({ ...run, tries: intended.number - 1 }, job);
  else recovery.take(run, job, run.retryAt === undefined ? undefined : { kind: 'retry', at: run.retryAt });
}

/** Ends a run whose job is gone. */
async function leave({ run, begun }: Found, recovery: Recovery): Promise<void> {
  const [first] = begun;
  const isLost = first !== undefined || (run.graph !== undefined && run.start !== undefined);
  const result = first && readLogEnd(logPath(recovery.logFolder, run, first.task, first.number));
  const { state, reason } = (run.graph === undefined && result) || (isLost ? LOST : MISSED);
  recovery.giveUp(run, { state, reason });
  const find = () => begun.flatMap((row) => processesLeft(row, recovery));
  if (begun.length > 0) await endProcesses(find, recovery, DEFAULT_POLICIES.graceMs);
}

function graphLeft({ run, tasks, begun, intended }: Found, { graph }: Job, recovery: Recovery): Left {
  const openTry = ({ task, split, retryAt }: TaskRow): OpenTry => {
    const isOwn = (row: TryRow) => row.task === task;
    const lost = begun.find(isOwn);
    const { policies } = graph?.tasks.get(split ?? task) ?? { policies: DEFAULT_POLICIES };
    if (lost !== undefined) return { left: lostTry(run, lost, policies, recovery) };
    const left = retryAt === undefined ? undefined : ({ kind: 'retry', at: retryAt } as const);
    return { intended: intended.find(isOwn), left };
  };
  return { kind: 'tasks', tasks: tasksLeft(tasks, openTry) };
}

/** Stops hooks, and processes left behind by tries that had ended. */
async function leftBehind(unfinished: readonly Unfinished[], recovery: Recovery): Promise<void> {
  const all = () => recovery.runners.flatMap((runner) => findTriesOf(recovery.ledgerId, runner));
  const runs = new Set(unfinished.map(({ run }) => run.run));
  const left = all().filter(({ run }) => !runs.has(run) && !recovery.others.has(run));
  const isLeft = ({ run, number }: TryProcess) =>
    left.some((one) => one.run === run && one.number === number);
  const find = () => (left.length === 0 ? [] : all().filter(isLeft));
  await endProcesses(find, recovery, DEFAULT_POLICIES.graceMs);
}
