/** A graph and its tasks as ledger records. */

import type { GraphRecord } from '../../../ledger/graphs.ts';
import type { NewTask } from '../../../ledger/tasks.ts';
import type { TaskLeft } from '../../execution.ts';
import type { Graph } from '../graph.ts';

/** The tasks have the fields of `GraphTaskJson` of the page. */
export function graphRecord({ hash, place, text, tasks }: Graph): GraphRecord {
  const shown = [...tasks.values()].map(
    ({ name, needs, triggerRule, command, everyMs, each, pool, place: { line } }) => ({
      ...{ name, needs, triggerRule, command, waits: everyMs !== undefined, isSplit: each !== undefined },
      ...{ pool: pool ?? null, line },
    }),
  );
  return { hash, file: place.file, text, tasks: shown };
}

/** The tasks of a run as it begins or resumes, without items. Tasks that are no longer in the file come last. */
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
