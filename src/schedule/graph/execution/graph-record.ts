/** A graph and its tasks as a ledger has them. */

import type { GraphRecord } from '../../../ledger/graphs.ts';
import type { NewTask } from '../../../ledger/tasks.ts';
import type { TaskLeft } from '../../execution.ts';
import type { Graph } from '../graph.ts';

/** As `GraphTaskJson` of the page wants its tasks. */
export function graphRecord({ hash, place, text, tasks }: Graph): GraphRecord {
  const shown = [...tasks.values()].map(
    ({ name, needs, triggerRule, command, everyMs, each, pool, place: { line } }) => ({
      ...{ name, needs, triggerRule, command, waits: everyMs !== undefined, isSplit: each !== undefined },
      ...{ pool: pool ?? null, line },
    }),
  );
  return { hash, file: place.file, text, tasks: shown };
}

/** The tasks of a run as it begins, or goes on, without items. Those that are gone from the file come last. */
export function newTasks({ tasks }: Graph, left: ReadonlyMap<string, TaskLeft>): NewTask[] {
  const rows = [...tasks.values()].map(({ name, hash }, position): NewTask => {
    const { state = 'none', reason } = left.get(name) ?? {};
    return { task: name, position, hash, state, reason };
  });
  const gone = [...left].filter(
    ([name, { state, item }]) => state === 'removed' && item === undefined && !tasks.has(name),
  );
  return [
    ...rows,
    ...gone.map(([task], at): NewTask => ({ task, position: rows.length + at, hash: '', state: 'removed' })),
  ];
}
