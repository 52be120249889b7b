/** What the items of a task have come to so far. */

import type { Rows } from '../../../ledger/records.ts';
import type { TaskEnd } from './execute-task.ts';
import { sumOfRows } from './graph-result.ts';

export class ItemsResult {
  readonly counts = { success: 0, failed: 0, skipped: 0 };
  /** What they reported, all together. */
  rows: Rows | undefined;
  firstFailure: TaskEnd | undefined;
  /** Of the items with a try the one that ended last. */
  last: TaskEnd | undefined;
  /** Whether some wait for a later schedule. */
  isUndone = false;

  /** How many have ended. */
  get ended(): number {
    const { success, failed, skipped } = this.counts;
    return success + failed + skipped;
  }

  /** @param end of an item; undefined when it waits for a later schedule */
  add(end: TaskEnd | undefined): void {
    if (end === undefined) {
      this.isUndone = true;
      return;
    }
    this.counts[end.state]++;
    if (end.state === 'failed') this.firstFailure ??= end;
    if (end.order !== undefined) this.last = end;
    this.rows = sumOfRows(this.rows, end.rows);
  }
}
