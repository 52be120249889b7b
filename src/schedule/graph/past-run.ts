/** A run of a graph that was begun before, and is taken up again: what it had, and what it goes on with. */

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

/** A run to go on with; only with those tasks that it had, if it was one of a part of its graph. */
export interface Resumed {
  readonly run: Run;
  readonly job: Job;
  readonly left: Left;
}

/** What a ledger has of a run. */
export interface PastRun {
  /** Its tasks and their items. */
  readonly past: readonly TaskRow[];
  /** The file that it has begun with. */
  readonly kept: GraphRecord | undefined;
}

/** @throws the library's error */
export function readPastRun(file: LedgerFile, { run, graph }: Run): PastRun {
  return { past: tasksAndItemsOf(file, run), kept: graphOf(file, graph ?? null) };
}

/** The tasks that a run is to have: as many as its file has now, unless it was one of a part of its graph. */
export function partOfRun(graph: Graph, { past, kept }: PastRun): Graph {
  const had = namesOf(past);
  // It was ended before it had any: nothing of it was done.
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

/** Writes down what of a run is to be done anew. @returns what it goes on with */
export function applyPlan(file: LedgerFile, run: number, plan: ResumePlan): Left {
  resetTasks(file, run, plan);
  return { kind: 'tasks', tasks: tasksLeft(tasksAndItemsOf(file, run)) };
}

/** Why a run is not taken up: somebody else does it. */
export function beingDone({ run }: Run): Failure {
  return new Failure(status.temporary, `run ${run} is being done`);
}
