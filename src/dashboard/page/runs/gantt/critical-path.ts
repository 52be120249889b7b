/** The critical path of a run: the chain of tasks in which each is the one that the next waited for longest. */

import type { GraphTaskJson, TaskJson } from '../runs-json.ts';
import { timeOf } from '../words/moments.ts';

/** The names of started tasks on the path, in order. @param now the assumed end of running tasks, in epoch ms */
export function criticalPath(
  graph: readonly GraphTaskJson[],
  tasks: readonly TaskJson[],
  now: number,
): readonly string[] {
  const needs = new Map(graph.map((task) => [task.name, task.needs]));
  const known = new Map(tasks.map((task) => [task.task, task]));
  const path: string[] = [];
  let next = last(
    [...known.keys()].filter((name) => hasBegun(known.get(name))),
    known,
    now,
  );
  while (next !== undefined && !path.includes(next)) {
    path.unshift(next);
    next = last(begunBefore(next, needs, known), known, now);
  }
  return path;
}

/** The started tasks that a task needs; a skipped one is replaced by those that it needs. */
function begunBefore(
  name: string,
  needs: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, TaskJson>,
): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const todo = [...(needs.get(name) ?? [])];
  for (let need = todo.pop(); need !== undefined; need = todo.pop()) {
    if (seen.has(need)) continue;
    seen.add(need);
    if (hasBegun(known.get(need))) found.add(need);
    else todo.push(...(needs.get(need) ?? []));
  }
  return [...found];
}

/** The task that ended last; of those that ended together, the first. */
function last(
  names: readonly string[],
  known: ReadonlyMap<string, TaskJson>,
  now: number,
): string | undefined {
  let [found, latest]: [string | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  for (const name of names) {
    const task = known.get(name);
    const end = task === undefined ? Number.NEGATIVE_INFINITY : endOf(task, now);
    if (end > latest) [found, latest] = [name, end];
  }
  return found;
}

function hasBegun(task: TaskJson | undefined): boolean {
  return task !== undefined && task.start !== null;
}

function endOf({ end, state }: TaskJson, now: number): number {
  return state === 'running' || state === 'up_for_retry' ? now : (timeOf(end) ?? now);
}
