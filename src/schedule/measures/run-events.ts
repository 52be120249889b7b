/** The events of a schedule, for metrics. */

import type { Run, State, TryResult } from '../../ledger/records.ts';
import type { TaskChange } from '../../ledger/tasks.ts';
import type { Slots } from '../tries/slots.ts';
import type { TryOrder } from '../tries/try.ts';

export interface RunEvents {
  /** At least once a minute, with the number of jobs and the use of slots. */
  beat(jobs: number, slots: Pick<Slots, 'open' | 'taken' | 'queued'>): void;
  /** @param run as it was when decided */
  tryStarted(order: TryOrder, run: Run): void;
  tryEnded(order: TryOrder, result: TryResult, run: Run): void;
  /** @param result of its last try @param state of the run */
  runEnded(run: Run, result: TryResult, state: State): void;
  /** The state of a graph's task, or of an item, has changed. */
  taskChanged?(run: Run, change: TaskChange): void;
}
