/**
 * Which tasks a resumed run repeats: those that failed or did not finish, and those that a trigger rule decided by them. Tasks
 * that succeeded keep their result. Pure.
 */

import { Failure, status } from '../../failure.ts';
import type { Reason, TaskState } from '../../ledger/records.ts';
import { andFollowing, followersOf } from '../../stats/waves.ts';
import type { Graph, Task } from './graph.ts';

/** A task of a run, or an item of one, from the ledger. */
export interface PastTask {
  /** Its name; NAME[INDEX] for an item. */
  readonly task: string;
  /** For an item, the name of its task. */
  readonly split: string | undefined;
  readonly state: TaskState;
  readonly reason: Reason | undefined;
  readonly hash: string;
}

/** What happens to each task and item of an earlier run, by its name in the ledger. */
export interface ResumePlan {
  /** Keep their result. */
  readonly kept: ReadonlySet<string>;
  /** Run again, once their upstream tasks allow it. */
  readonly again: ReadonlySet<string>;
  /** No longer in the file. */
  readonly removed: ReadonlySet<string>;
  /** Tasks that keep their success although they do something else by now. */
  readonly changed: readonly Task[];
}

/** The plan for a run that failed or was killed. */
export function planResume(graph: Graph, past: readonly PastTask[]): ResumePlan {
  const rows = new Map(past.map((row) => [row.task, row]));
  const open = new Set([...graph.tasks.keys()].filter((name) => isOpen(graph, rows.get(name))));
  spread(graph, open, (name) => isSkippedByRule(rows.get(name)));
  return plan(graph, past, (row) => (row.split === undefined ? open.has(row.task) : isOpen(graph, row)));
}

/**
 * The plan to repeat one task or item of an ended run, and everything downstream of it, whatever its state.
 *
 * @param name a split task stands for its items that have not succeeded, or for all of them if all have
 * @throws Failure (no input) when the run has no such task
 */
export function planRetry(graph: Graph, past: readonly PastTask[], name: string): ResumePlan {
  const target = past.find((row) => row.task === name && isIn(graph, row));
  if (target === undefined) throw new Failure(status.noInput, `no such task: ${name}`);
  const followers = andFollowing(graph.tasks, [nameOfTask(target)]);
  followers.delete(nameOfTask(target));
  const isMeant = isMeantBy(graph, past, target);
  return plan(graph, past, (row) => followers.has(nameOfTask(row)) || isMeant(row));
}

/** The plan to repeat a whole run. */
export function planRepeat(graph: Graph, past: readonly PastTask[]): ResumePlan {
  return plan(graph, past, () => true);
}

/** @param hint what the user can do @throws Failure (configuration) when a task has changed since it succeeded */
export function refuseChanged({ changed }: ResumePlan, hint: string): void {
  const [first, ...others] = changed;
  if (first === undefined) return;
  const { file, line } = first.place;
  const more = others.length === 0 ? '' : ` (and ${others.map(({ name }) => name).join(', ')})`;
  throw new Failure(
    status.config,
    `${file}:${line}: ${first.name}${more} has changed since it succeeded: ${hint}`,
  );
}

function plan(graph: Graph, past: readonly PastTask[], isAgain: (row: PastTask) => boolean): ResumePlan {
  const [kept, again, removed] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const changed = new Set<Task>();
  for (const row of past) {
    const task = graph.tasks.get(nameOfTask(row));
    if (task === undefined || !isIn(graph, row)) removed.add(row.task);
    else if (isAgain(row)) again.add(row.task);
    else kept.add(row.task);
    if (task !== undefined && kept.has(row.task) && row.state === 'success' && row.hash !== task.hash)
      changed.add(task);
  }
  return { kept, again, removed, changed: [...changed] };
}

function nameOfTask({ task, split }: PastTask): string {
  return split ?? task;
}

/** Whether the graph still has a row: an item is also gone when its task is no longer split. */
function isIn(graph: Graph, row: PastTask): boolean {
  const task = graph.tasks.get(nameOfTask(row));
  return task !== undefined && (row.split === undefined || task.each !== undefined);
}

/** Whether a task or item has no result that a resumed run keeps. */
function isOpen(graph: Graph, row: PastTask | undefined): boolean {
  if (row?.state === 'success') return false;
  const isBySelf = row?.state === 'skipped' && row.reason === 'skip-on';
  // A changed task may no longer be skipped.
  const hasChanged = row !== undefined && graph.tasks.get(nameOfTask(row))?.hash !== row.hash;
  return hasChanged || !(isBySelf || isSkippedByRule(row));
}

/** Skipped by its trigger rule, and not by the exit status of its own command. */
function isSkippedByRule(row: PastTask | undefined): boolean {
  return row?.state === 'skipped' && row.reason === undefined;
}

/** Adds the tasks downstream of these, as far as `isJoined` holds along the way. */
function spread(graph: Graph, names: Set<string>, isJoined: (name: string) => boolean): void {
  const followers = followersOf(graph.tasks);
  // Iterating a Set also visits what is added on the way.
  for (const one of names)
    for (const { name } of followers.get(one) ?? []) if (isJoined(name)) names.add(name);
}

/** The rows that a name selects: an item also selects its task, and a task its items. */
function isMeantBy(graph: Graph, past: readonly PastTask[], target: PastTask): (row: PastTask) => boolean {
  if (target.split !== undefined) return (row) => row === target || row.task === target.split;
  const items = past.filter(({ split }) => split === target.task);
  const open = new Set(items.filter((row) => isOpen(graph, row)));
  return (row) => row === target || (row.split === target.task && (open.size === 0 || open.has(row)));
}
