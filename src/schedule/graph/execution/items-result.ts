/** The combined result of the items of a task so far. */

import type { Rows } from '../../../ledger/records.ts';
import type { TaskEnd } from './execute-task.ts';
import { sumOfRows } from './graph-result.ts';

export class ItemsResult {
  readonly counts = { success: 0, failed: 0, skipped: 0 };
  /** The sum of the rows that they reported. */
  rows: Rows | undefined;
  firstFailure: TaskEnd | undefined;
  /** The item that ended last, among those that had a try. */
  last: TaskEnd | undefined;
  /** Whether some items are left to the next schedule. */
  isUndone = false;

  /** Number of ended items. */
  get ended(): number {
    const { success, failed, skipped } = this.counts;
    return success + failed + skipped;
  }

  /** @param end of an item; undefined if it is left to the next schedule */
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
