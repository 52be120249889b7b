/** An earlier run of a graph that is resumed: what it had, and what it continues with. */

import { Failure, status } from '../../failure.ts';
import { type GraphRecord, graphOf } from '../../ledger/graphs.ts';
import type { LedgerFile } from '../../ledger/ledger-file.ts';
import { tasksAndItemsOf } from '../../ledger/read-tasks.ts';
import type { Run, TaskRow } from '../../ledger/records.ts';
import { resetTasks } from '../../ledger/tasks.ts';
import type { Left } from '../execution.ts';
import type { Job } from '../jobs/job.ts';
import { tasksLeft } from './execution/tasks-left.ts';
import type { Graph } from './graph.ts';
import type { PastTask, ResumePlan } from './resume-plan.ts';
import { partOf } from './select-tasks.ts';

/** A run to continue; if it ran only a part of its graph, with that part only. */
export interface Resumed {
  readonly run: Run;
  readonly job: Job;
  readonly left: Left;
}

/** What the ledger knows about a run. */
export interface PastRun {
  /** Its tasks and their items. */
  readonly past: readonly TaskRow[];
  /** The file it began with. */
  readonly kept: GraphRecord | undefined;
}

/** @throws the SQLite library's error */
export function readPastRun(file: LedgerFile, { run, graph }: Run): PastRun {
  return { past: tasksAndItemsOf(file, run), kept: graphOf(file, graph ?? null) };
}

/** The tasks that a resumed run covers: all that its file has now, unless it ran only a part of its graph. */
export function partOfRun(graph: Graph, { past, kept }: PastRun): Graph {
  const had = namesOf(past);
  // It ended before its tasks were recorded, so none of them ran.
  if (had.size === 0) return graph;
  const isPart = namesIn(kept?.tasks ?? []).some((name) => !had.has(name));
  return isPart ? partOf(graph, had) : graph;
}

/** The names of the tasks that a run had. */
export function namesOf(past: readonly PastTask[]): Set<string> {
  return new Set(past.map(({ task, split }) => split ?? task));
}

function namesIn(tasks: readonly object[]): string[] {
  return tasks.flatMap((task) => ('name' in task && typeof task.name === 'string' ? task.name : []));
}

/** Resets the tasks that a run repeats. @returns what the run continues with */
export function applyPlan(file: LedgerFile, run: number, plan: ResumePlan): Left {
  resetTasks(file, run, plan);
  return { kind: 'tasks', tasks: tasksLeft(tasksAndItemsOf(file, run)) };
}

/** Why a run is not resumed: another process is executing it. */
export function alreadyActive({ run }: Run): Failure {
  return new Failure(status.temporary, `run ${run} is in progress`);
}
