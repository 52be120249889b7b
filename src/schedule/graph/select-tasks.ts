/** Selects tasks of a graph: `--only extract,load`, `--from load`. */

import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import { didYouMean } from '../../lines/nearest.ts';
import { andFollowing } from '../../stats/waves.ts';
import type { Graph, Task } from './graph.ts';

export interface Selection {
  /** These tasks. */
  readonly only?: readonly string[] | undefined;
  /** These tasks, and everything downstream. */
  readonly from?: readonly string[] | undefined;
}

/**
 * The selected names, in the order of the file: all without a selection, and the union of `only` and `from`.
 *
 * @throws Failure (usage) for a name that is not a task of the graph
 */
export function selectTasks({ name, tasks }: Graph, { only, from }: Selection): Set<string> {
  if (only === undefined && from === undefined) return new Set(tasks.keys());
  for (const wanted of [...(only ?? []), ...(from ?? [])]) {
    if (tasks.has(wanted)) continue;
    const hint = didYouMean(wanted, tasks.keys());
    throw new Failure(status.usage, `${name} has no task ${quote(wanted)}${hint}`);
  }
  const found = new Set([...(only ?? []), ...andFollowing(tasks, from ?? [])]);
  return new Set([...tasks.keys()].filter((task) => found.has(task)));
}

/** The graph reduced to these tasks; their needs outside the selection are dropped. */
export function partOf(graph: Graph, names: ReadonlySet<string>): Graph {
  const tasks = new Map<string, Task>();
  for (const [name, task] of graph.tasks) {
    if (names.has(name)) tasks.set(name, { ...task, needs: task.needs.filter((need) => names.has(need)) });
  }
  return { ...graph, tasks };
}
