/** Cycles: tasks that would wait for each other for ever. */

import type { Task } from '../graph.ts';

type Needing = Pick<Task, 'name' | 'needs'>;

interface Step {
  readonly name: string;
  /** Needs that are still to be visited. */
  readonly rest: string[];
}

/**
 * Cycles as paths: each task is needed by the next one, and the last one by the first. Overlapping cycles are reported once, so
 * that no task is in two paths; an empty result means that there is no cycle. Tasks that need themselves are ignored. Linear in
 * tasks and needs.
 */
export function findCycles(tasks: readonly Needing[]): string[][] {
  const needs = new Map(tasks.map((task) => [task.name, task.needs]));
  const positions = new Map(tasks.map(({ name }, position) => [name, position]));
  const done = new Set<string>();
  const cyclic = new Set<string>();
  const cycles: string[][] = [];
  // An explicit stack, since a chain of tasks may be deeper than the call stack.
  for (const { name: root } of tasks) {
    const path: Step[] = [];
    const depths = new Map<string, number>();
    const enter = (name: string) => {
      depths.set(name, path.length);
      path.push({ name, rest: (needs.get(name) ?? []).filter((other) => other !== name).reverse() });
    };
    if (!done.has(root)) enter(root);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.rest.pop();
      const depth = next === undefined ? undefined : depths.get(next);
      if (next === undefined) {
        path.pop();
        depths.delete(step.name);
        done.add(step.name);
      } else if (depth !== undefined) {
        const names = path.slice(depth).map(({ name }) => name);
        if (!names.some((name) => cyclic.has(name))) cycles.push(fromFirst(names.reverse(), positions));
        for (const name of names) cyclic.add(name);
      } else if (!done.has(next)) enter(next);
    }
  }
  return cycles;
}

/** Rotates a cycle so that it begins with its first task in the file. */
function fromFirst(cycle: readonly string[], positions: ReadonlyMap<string, number>): string[] {
  const numbers = cycle.map((name) => positions.get(name) ?? 0);
  const at = numbers.indexOf(numbers.reduce((one, other) => Math.min(one, other)));
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}
