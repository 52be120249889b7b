/** What a schedule tells those who count and measure. */

import type { Run, State, TryResult } from '../ledger/records.ts';
import type { TaskChange } from '../ledger/tasks.ts';
import type { Slots } from './slots.ts';
import type { TryOrder } from './try.ts';

export interface RunEvents {
  /** Once a minute and more often: how many jobs there are, and which slots are taken. */
  beat(jobs: number, slots: Pick<Slots, 'open' | 'taken' | 'queued'>): void;
  /** @param run as it was when it was decided */
  tryStarted(order: TryOrder, run: Run): void;
  tryEnded(order: TryOrder, result: TryResult, run: Run): void;
  /** @param result of its last try @param state of the run */
  runEnded(run: Run, result: TryResult, state: State): void;
  /** A task of a graph, or an item of one, has another state. */
  taskChanged?(run: Run, change: TaskChange): void;
}
