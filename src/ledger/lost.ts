/**
 * Displays the runs of a killed run-tasks. The ledger says that they are running, until the next run-tasks of the graph
 * or a schedule records their end; readers show in advance what will be recorded.
 */

import type { LedgerFile } from './ledger-file.ts';
import { isUnfinished, readRunnersOf, readRunsOfRunners } from './read-runs.ts';
import type { Run, TaskRow, TryRow } from './records.ts';
import { liveRunners } from './runner-lock.ts';

export interface Lost {
  /** Locks of killed run-tasks with unfinished runs. */
  readonly runners: ReadonlySet<string>;
  /** When this was noticed, which counts as the end of these runs. Epoch milliseconds. */
  readonly now: number;
}

/** Finds dead runners. @param read runs work on the ledger, and returns undefined when there is none @throws Failure */
export async function findLost(
  read: (work: (file: LedgerFile) => string[]) => Promise<string[] | undefined>,
  now: number,
): Promise<Lost> {
  const runners = (await read((file) => readRunnersOf(file, undefined))) ?? [];
  const live = await liveRunners(runners);
  return { runners: new Set(runners.filter((runner) => !live.has(runner))), now };
}

export function isLost(run: Pick<Run, 'state' | 'runner'>, { runners }: Lost): boolean {
  return run.runner !== undefined && isUnfinished(run) && runners.has(run.runner);
}

/** A run as displayed: a lost one has failed, or was skipped if it had not begun. */
export function runAsItIs<Kind extends Run>(run: Kind, lost: Lost): Kind {
  if (!isLost(run, lost)) return run;
  const hasBegun = run.start !== undefined || run.tries > 0;
  const state = hasBegun ? 'failed' : 'skipped';
  return { ...run, state, reason: 'lost', end: lost.now, retryAt: undefined };
}

/** Lost runs that count as failed, of one job or of all, in the order of their numbers. @throws the library's error */
export function readLostFailures(file: LedgerFile, job: string | undefined, lost: Lost): Run[] {
  if (lost.runners.size === 0) return [];
  return readRunsOfRunners(file, job)
    .filter((run) => isLost(run, lost))
    .map((run) => runAsItIs(run, lost))
    .filter(({ state }) => state === 'failed');
}

/** A task or an item of a lost run, as displayed. */
export function lostTask(task: TaskRow, { now }: Lost): TaskRow {
  if (task.state === 'running') return { ...task, state: 'failed', reason: 'lost', end: now };
  const isOpen = task.state === 'scheduled' || task.state === 'queued' || task.state === 'up_for_retry';
  return isOpen ? { ...task, state: 'none', reason: undefined, retryAt: undefined } : task;
}

/** A try of a lost run, as displayed. */
export function lostTryRow(one: TryRow, { now }: Lost): TryRow {
  return one.state === 'running' ? { ...one, state: 'failed', reason: 'lost', end: now } : one;
}
