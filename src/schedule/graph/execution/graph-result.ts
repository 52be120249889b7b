/** The result of a run of a graph: it has failed if any task is `failed` or `upstream_failed`. */

import type { Reason, Rows, TaskState, TryResult } from '../../../ledger/records.ts';
import type { GraphEnd } from '../../../ledger/tasks.ts';
import type { StopReason, TaskLeft } from '../../execution.ts';
import { type TryOrder, unmeasured } from '../../tries/try.ts';
import type { TaskEnd } from './execute-task.ts';

export class GraphResult {
  #hasFailed = false;
  #hasRun = false;
  #firstFailure: TaskEnd | undefined;
  /** The task that ended last. */
  #last: TaskEnd | undefined;
  #rows: Rows | undefined;
  /** Exit status of a task that failed before the run was resumed, and keeps that result. */
  #statusBefore: number | undefined;

  constructor(left: ReadonlyMap<string, TaskLeft>) {
    for (const { state, status, tries } of left.values()) {
      this.addState(state);
      if (state === 'failed') this.#statusBefore ??= status;
      if (tries > 0) this.#hasRun = true;
    }
  }

  addState(state: TaskState): void {
    if (state === 'failed' || state === 'upstream_failed') this.#hasFailed = true;
  }

  add(end: TaskEnd): void {
    this.addState(end.state);
    if (end.order !== undefined) this.#hasRun = true;
    if (end.state === 'failed') this.#firstFailure ??= end;
    this.#rows = end.rows ?? this.#rows;
    this.#last = end;
  }

  /** @param reason why the run was stopped early; undefined if it was not */
  of({ reason, now }: { reason: StopReason | undefined; now: number }): {
    readonly end: GraphEnd;
    /** The try that stands for the run: the first one that failed for good, or the last one. */
    readonly order: TryOrder | undefined;
    readonly result: TryResult;
  } {
    const last = this.#firstFailure ?? this.#last;
    const hasFailed = this.#hasFailed || (reason !== undefined && this.#hasRun);
    const state = hasFailed ? 'failed' : reason === undefined ? 'success' : 'skipped';
    const why: Reason | undefined = reason ?? this.#firstFailure?.reason;
    const status = state === 'success' ? 0 : (this.#firstFailure?.status ?? this.#statusBefore);
    return {
      end: { state, reason: why, status, end: now, rows: this.#rows },
      order: last?.order,
      result: unmeasured({ state, reason: why, status, end: now }),
    };
  }
}

/** The rows of two items together. */
export function sumOfRows(one: Rows | undefined, other: Rows | undefined): Rows | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const sum = (key: 'in' | 'out') =>
    one[key] === undefined && other[key] === undefined ? undefined : (one[key] ?? 0) + (other[key] ?? 0);
  return { in: sum('in'), out: sum('out'), rejected: one.rejected + other.rejected };
}
