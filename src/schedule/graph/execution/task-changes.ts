/** What becomes of tasks of which no try runs: the ledger keeps it, and who listens is told. */

import { changeTask, type TaskChange } from '../../../ledger/tasks.ts';
import type { GraphContext } from './graph-context.ts';

type Place = Pick<GraphContext, 'run' | 'world'>;

/** On disk within 100 ms. */
export function changeTasks({ run, world }: Place, changes: readonly TaskChange[]): void {
  if (changes.length === 0) return;
  world.ledger.later((file) => {
    for (const change of changes) changeTask(file, run.run, change);
  });
  tellTasks({ run, world }, changes);
}

/** Of what is written down otherwise. */
export function tellTasks({ run, world }: Place, changes: readonly TaskChange[]): void {
  for (const change of changes) world.events.taskChanged?.(run, change);
}
