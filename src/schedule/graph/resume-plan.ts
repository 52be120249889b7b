/**
 * What a run of a graph repeats when it is taken up again: nothing that succeeded; what did not run to its end, and what
 * failed; and what was decided by these. Pure.
 */

import { Failure, status } from '../../failure.ts';
import type { Reason, TaskState } from '../../ledger/records.ts';
import { andFollowing, followersOf } from '../../stats/waves.ts';
import type { Graph, Task } from './graph.ts';

/** A task of a run, or an item of one, as the ledger has it. */
export interface PastTask {
  /** Its name; of an item NAME[INDEX]. */
  readonly task: string;
  /** Of an item: the name of its task. */
  readonly split: string | undefined;
  readonly state: TaskState;
  readonly reason: Reason | undefined;
  readonly hash: string;
}

/** What becomes of each task and item that a run has had: the names are those of the ledger. */
export interface ResumePlan {
  /** These keep their result. */
  readonly kept: ReadonlySet<string>;
  /** These are done anew, once the tasks that they need allow it. */
  readonly again: ReadonlySet<string>;
  /** These are gone from the file. */
  readonly removed: ReadonlySet<string>;
  /** Of those that keep their success, tasks that do something else by now. */
  readonly changed: readonly Task[];
}

/** Of a run that was killed, or has failed. */
export function planResume(graph: Graph, past: readonly PastTask[]): ResumePlan {
  const rows = new Map(past.map((row) => [row.task, row]));
  const open = new Set([...graph.tasks.keys()].filter((name) => isOpen(graph, rows.get(name))));
  spread(graph, open, (name) => isSkippedByRule(rows.get(name)));
  return plan(graph, past, (row) => (row.split === undefined ? open.has(row.task) : isOpen(graph, row)));
}

/**
 * Of a run that has ended: a task, or one item of a task, and all that follows it, whatever became of that.
 *
 * @param name of a task that is split: those of its items that have not succeeded; all of them where all have
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

/** All of a run. */
export function planRepeat(graph: Graph, past: readonly PastTask[]): ResumePlan {
  return plan(graph, past, () => true);
}

/** @param hint what to do then @throws Failure (configuration) when what succeeded would do something else by now */
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

/** An item of a task that is not split any more is gone, too. */
function isIn(graph: Graph, row: PastTask): boolean {
  const task = graph.tasks.get(nameOfTask(row));
  return task !== undefined && (row.split === undefined || task.each !== undefined);
}

/** Whether it has not come to an end that stays. */
function isOpen(graph: Graph, row: PastTask | undefined): boolean {
  if (row?.state === 'success') return false;
  const isBySelf = row?.state === 'skipped' && row.reason === 'skip-on';
  // It was skipped by what was written there, which may be something else by now.
  const hasChanged = row !== undefined && graph.tasks.get(nameOfTask(row))?.hash !== row.hash;
  return hasChanged || !(isBySelf || isSkippedByRule(row));
}

/** And not by its own command. */
function isSkippedByRule(row: PastTask | undefined): boolean {
  return row?.state === 'skipped' && row.reason === undefined;
}

/** Adds what follows these tasks, and what follows that, as far as it is joined to them. */
function spread(graph: Graph, names: Set<string>, isJoined: (name: string) => boolean): void {
  const followers = followersOf(graph.tasks);
  // A set gives what is added to it while it is gone through, too.
  for (const one of names)
    for (const { name } of followers.get(one) ?? []) if (isJoined(name)) names.add(name);
}

/** Which rows a person means by the name of one: an item stands for its task, too, and a task for its items. */
function isMeantBy(graph: Graph, past: readonly PastTask[], target: PastTask): (row: PastTask) => boolean {
  if (target.split !== undefined) return (row) => row === target || row.task === target.split;
  const items = past.filter(({ split }) => split === target.task);
  const open = new Set(items.filter((row) => isOpen(graph, row)));
  return (row) => row === target || (row.split === target.task && (open.size === 0 || open.has(row)));
}
