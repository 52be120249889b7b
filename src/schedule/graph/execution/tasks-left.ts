/** What a run of a graph goes on with that was begun before: results stay, and all else is done. */

import { taskOf } from '../../../ledger/log-path.ts';
import type { TaskRow, TryRow } from '../../../ledger/records.ts';
import type { TaskLeft, TryLeft } from '../../execution.ts';
import type { Ended } from './graph-state.ts';

/** What its runner has left of a task that has no result. */
export interface OpenTry {
  /** Intended, and not begun: its number is used again. */
  readonly intended?: TryRow | undefined;
  readonly left?: TryLeft | undefined;
}

/** @param openTry of a task without a result, or of an item without one */
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
  // It was to be the retry of a try that had failed, and counts as one.
  return intended !== undefined && begun > 0
    ? { ...open, left: { kind: 'retry', at: 0 } }
    : { ...open, left };
}

function isResult(state: TaskRow['state']): state is Exclude<TaskLeft['state'], 'none'> {
  return ['success', 'failed', 'skipped', 'upstream_failed', 'removed'].includes(state);
}

/** What keeps its result, with the items of what is split, which trigger rules count one by one. @param names of tasks */
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
