/** State changes of tasks outside of a try: recorded in the ledger, and passed on to listeners. */

import { changeTask, type TaskChange } from '../../../ledger/tasks.ts';
import type { GraphContext } from './graph-context.ts';

type Place = Pick<GraphContext, 'run' | 'world'>;

/** Records changes, which are on disk within 100 ms, and tells the listeners. */
export function changeTasks({ run, world }: Place, changes: readonly TaskChange[]): void {
  if (changes.length === 0) return;
  world.ledger.later((file) => {
    for (const change of changes) changeTask(file, run.run, change);
  });
  tellTasks({ run, world }, changes);
}

/** Tells the listeners of changes that are recorded elsewhere. */
export function tellTasks({ run, world }: Place, changes: readonly TaskChange[]): void {
  for (const change of changes) world.events.taskChanged?.(run, change);
}
