/** Which tasks of a graph are meant: `--only extract,load`, `--from load`. */

import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import { didYouMean } from '../../lines/nearest.ts';
import { andFollowing } from '../../stats/waves.ts';
import type { Graph, Task } from './graph.ts';

export interface Selection {
  /** These. */
  readonly only?: readonly string[] | undefined;
  /** These, and all that follows them. */
  readonly from?: readonly string[] | undefined;
}

/**
 * The names that are meant, in the order of the file: all when nothing is asked for, and with both `only` and `from` those that
 * either names.
 *
 * @throws Failure (usage) that names what is no task of the graph
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

/** A graph of these of its tasks: what they need of others counts as if it were not needed. */
export function partOf(graph: Graph, names: ReadonlySet<string>): Graph {
  const tasks = new Map<string, Task>();
  for (const [name, task] of graph.tasks) {
    if (names.has(name)) tasks.set(name, { ...task, needs: task.needs.filter((need) => names.has(need)) });
  }
  return { ...graph, tasks };
}
