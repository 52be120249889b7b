/** The order of tasks that need others: which come when, and which follow one. All of it takes time in proportion to tasks and needs. */

interface Needing {
  readonly name: string;
  /** Names of tasks. */
  readonly needs: readonly string[];
}

/** By the name of a task, those that need it, in the order of the file. Names of no task are left out. */
export function followersOf<One extends Needing>(tasks: ReadonlyMap<string, One>): Map<string, One[]> {
  const followers = new Map<string, One[]>([...tasks.keys()].map((name) => [name, []]));
  for (const task of tasks.values()) for (const need of task.needs) followers.get(need)?.push(task);
  return followers;
}

/**
 * Waves of tasks: each task is in the first wave after all that it needs, and those of a wave can run at once. Within a wave they
 * have the order of the file. What a task needs that is not among the tasks does not count.
 *
 * @param tasks without a cycle; those of one, and what follows it, are in no wave
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

/** These tasks and all that follow them, in the order of the file. */
export function andFollowing(tasks: ReadonlyMap<string, Needing>, names: Iterable<string>): Set<string> {
  const followers = followersOf(tasks);
  const found = new Set(names);
  // A set gives what is added to it while it is gone through, too.
  for (const name of found) for (const follower of followers.get(name) ?? []) found.add(follower.name);
  return new Set([...tasks.keys()].filter((name) => found.has(name)));
}
