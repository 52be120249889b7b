/** Orders tasks by their dependencies, in linear time. */

interface Needing {
  readonly name: string;
  /** Names of other tasks. */
  readonly needs: readonly string[];
}

/** The direct dependents of each task, in the order of the file. Ignores unknown names. */
export function followersOf<One extends Needing>(tasks: ReadonlyMap<string, One>): Map<string, One[]> {
  const followers = new Map<string, One[]>([...tasks.keys()].map((name) => [name, []]));
  for (const task of tasks.values()) for (const need of task.needs) followers.get(need)?.push(task);
  return followers;
}

/**
 * Groups tasks into waves: each task is in the first wave after all its dependencies, so the tasks of a wave can run
 * concurrently. Within a wave they keep the order of the file. Dependencies outside the tasks are ignored.
 *
 * @param tasks without a cycle; tasks of a cycle, and their dependents, are in no wave
 */
export function wavesOf<One extends Needing>(tasks: ReadonlyMap<string, One>): One[][] {
  const followers = followersOf(tasks);
  const positions = new Map([...tasks.keys()].map((name, position) => [name, position]));
  const open = new Map<string, number>();
  for (const { name, needs } of tasks.values())
    open.set(name, needs.filter((need) => tasks.has(need)).length);
  const waves: One[][] = [];
  let wave = [...tasks.values()].filter(({ name }) => open.get(name) === 0);
  while (wave.length > 0) {
    waves.push(wave);
    const next: One[] = [];
    for (const follower of wave.flatMap(({ name }) => followers.get(name) ?? [])) {
      const left = (open.get(follower.name) ?? 0) - 1;
      open.set(follower.name, left);
      if (left === 0) next.push(follower);
    }
    const positionOf = ({ name }: One) => positions.get(name) ?? 0;
    wave = next.sort((one, other) => positionOf(one) - positionOf(other));
  }
  return waves;
}

/** These tasks and all their transitive dependents, in the order of the file. */
export function andFollowing(tasks: ReadonlyMap<string, Needing>, names: Iterable<string>): Set<string> {
  const followers = followersOf(tasks);
  const found = new Set(names);
  // Iterating a set includes elements added meanwhile.
  for (const name of found) for (const follower of followers.get(name) ?? []) found.add(follower.name);
  return new Set([...tasks.keys()].filter((name) => found.has(name)));
}
