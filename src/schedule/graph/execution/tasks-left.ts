/** What a resumed run of a graph continues with: results are kept, and everything else is executed. */

import { taskOf } from '../../../ledger/log-path.ts';
import type { TaskRow, TryRow } from '../../../ledger/records.ts';
import type { TaskLeft, TryLeft } from '../../execution.ts';
import type { Ended } from './graph-state.ts';

/** The last try that a killed runner left of an unfinished task. */
export interface OpenTry {
  /** Intended but not begun: its number is used again. */
  readonly intended?: TryRow | undefined;
  readonly left?: TryLeft | undefined;
}

/** @param openTry finds the open try of a task or item without a result */
export function tasksLeft(
  rows: readonly TaskRow[],
  openTry: (row: TaskRow) => OpenTry = () => ({}),
): Map<string, TaskLeft> {
  return new Map(rows.map((row) => [row.task, leftOf(row, openTry)]));
}

function leftOf(row: TaskRow, openTry: (row: TaskRow) => OpenTry): TaskLeft {
  const { state, reason, tries, status, item } = row;
  if (isResult(state)) return { state, reason, tries, status, item };
  const { intended, left } = openTry(row);
  const begun = intended === undefined ? tries : intended.number - 1;
  const open = { state: 'none', reason: undefined, tries: begun, status, item } as const;
  // The intended try was a retry of a failed one, and still counts as such.
  return intended !== undefined && begun > 0
    ? { ...open, left: { kind: 'retry', at: 0 } }
    : { ...open, left };
}

function isResult(state: TaskRow['state']): state is Exclude<TaskLeft['state'], 'none'> {
  return ['success', 'failed', 'skipped', 'upstream_failed', 'removed'].includes(state);
}

/** The tasks that keep their result, with counts of their items, each of which trigger rules count. @param names of tasks */
export function resultsOf(names: Iterable<string>, left: ReadonlyMap<string, TaskLeft>): Map<string, Ended> {
  const results = new Map<string, Ended>();
  for (const name of names) {
    const state = left.get(name)?.state ?? 'none';
    if (state !== 'none') results.set(name, { state });
  }
  for (const [name, { state: item }] of left) {
    const { state, items = { success: 0, failed: 0, skipped: 0 } } = results.get(taskOf(name)) ?? {};
    const isCounted = item === 'success' || item === 'failed' || item === 'skipped';
    if (state !== undefined && name !== taskOf(name) && isCounted)
      results.set(taskOf(name), { state, items: { ...items, [item]: items[item] + 1 } });
  }
  return results;
}
