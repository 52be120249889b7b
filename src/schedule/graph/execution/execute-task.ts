/** Executes one task of a run, or one item of it: try after try, each within its pool and the limit of all tries. */

import type { Failure } from '../../../failure.ts';
import type { NextState, Reason, Rows, TryResult } from '../../../ledger/records.ts';
import { endTaskTry, type TaskChange } from '../../../ledger/tasks.ts';
import { rowsOf } from '../../../ledger/write-runs.ts';
import type { StopReason, TaskLeft } from '../../execution.ts';
import type { Policies } from '../../jobs/policies.ts';
import type { GivenUp, Series } from '../../series.ts';
import { type GiveBack, type Slots, takeAll } from '../../tries/slots.ts';
import type { TaskPlace, TryOrder } from '../../tries/try.ts';
import type { Wait } from '../../tries/wait-try.ts';
import { TrySeries } from '../../try-series.ts';
import type { Task } from '../graph.ts';
import { type GraphContext, jobOfTask, taskOrder } from './graph-context.ts';
import type { EndState, ItemCounts } from './graph-state.ts';
import { changeTasks, tellTasks } from './task-changes.ts';

/** A task or item to execute. */
export interface Unit {
  readonly task: Task;
  /** Name in the ledger. */
  readonly name: string;
  readonly item?: TaskPlace['item'];
  /** Limits on concurrent tries besides the global one, in the order in which they are acquired. */
  readonly limits: readonly Slots[];
  /** Why it cannot be executed. */
  readonly refusal?: Failure;
  /** Called once all limits are acquired. */
  onTurn?(): void;
}

/** How a task ended. */
export interface TaskEnd {
  readonly state: Exclude<EndState, 'upstream_failed' | 'removed'>;
  readonly reason: Reason | undefined;
  readonly status: number | undefined;
  /** Rows that its last try reported. */
  readonly rows: Rows | undefined;
  /** Its last try. */
  readonly order: TryOrder | undefined;
  readonly items?: ItemCounts;
}

/** A task that is being executed. */
export interface TaskExecution {
  /** Resolves to undefined if the task is left to the next schedule. Rejects with an unexpected error. */
  readonly done: Promise<TaskEnd | undefined>;
  stop(reason: StopReason): void;
  /** Begins no further try. */
  drain(reason: StopReason): void;
}

/** @param left what a resumed run continues with */
export function executeTask(unit: Unit, context: GraphContext, left?: TaskLeft): TaskExecution {
  const task = new TaskOfRun(unit, context, left);
  const series = new TrySeries(task, context.world);
  const done = series.all(left?.left).then(() => task.end);
  return { done, stop: (reason) => series.stop(reason), drain: (reason) => series.drain(reason) };
}

/** A try of a task, or of an item of it. */
export function orderOf(
  { task, name, item, refusal }: Pick<Unit, 'task' | 'name' | 'item' | 'refusal'>,
  number: number,
  context: GraphContext,
): TryOrder {
  const { runDirectory, fileEnv } = context;
  const around = { cwd: task.cwd, runDirectory, fileEnv, ...(item !== undefined && { item }) };
  const order = taskOrder({ job: jobOfTask(task, context), name, number }, context, around);
  return refusal === undefined ? order : { ...order, refusal };
}

class TaskOfRun implements Series {
  end: TaskEnd | undefined;
  readonly policies: Policies;
  readonly intendsAhead = true;
  readonly tries: number;
  readonly forgiven: number;
  readonly status: number | undefined;
  readonly wait: Wait | undefined;
  readonly #unit: Unit;
  readonly #context: GraphContext;

  constructor(unit: Unit, context: GraphContext, left: TaskLeft | undefined) {
    this.#unit = unit;
    this.#context = context;
    this.policies = unit.task.policies;
    this.tries = left?.tries ?? 0;
    // As in Airflow, a task that is run again has all its retries again.
    this.forgiven = left?.left === undefined ? this.tries : 0;
    this.status = left?.status;
    const { everyMs } = unit.task;
    const isRefused = (unit.refusal ?? context.refusal) !== undefined;
    if (everyMs !== undefined && !isRefused)
      this.wait = { everyMs, takeTurn: (unwanted) => this.takeTurn(unwanted) };
  }

  async takeTurn(unwanted: AbortSignal): Promise<GiveBack | undefined> {
    const { slots } = this.#context.world;
    const last = {
      take: (signal: AbortSignal) => {
        // A task that polls its condition stays in state running.
        if (this.wait === undefined) this.#change({ state: 'queued' });
        return slots.take(signal);
      },
    };
    const giveBack = await takeAll([...this.#unit.limits, last], unwanted);
    if (giveBack !== undefined) this.#unit.onTurn?.();
    return giveBack;
  }

  notBegun(): void {
    // The run stays unfinished in the ledger, and can be resumed.
  }

  started(order: TryOrder): void {
    const { world, run } = this.#context;
    if (this.#unit.item === undefined) world.hooks.started(order);
    world.events.tryStarted(order, run);
    tellTasks(this.#context, [{ task: order.task, state: 'running' }]);
  }

  ended(order: TryOrder, result: TryResult, next: NextState): void {
    const { world, run } = this.#context;
    const reports = world.takeReports(order);
    world.ledger.later((file) => endTaskTry(file, order, { result, reports, next }));
    world.events.tryEnded(order, result, run);
    const { status } = result;
    tellTasks(this.#context, [{ task: order.task, status, ...next }]);
    if (next.state !== 'success' && next.state !== 'failed' && next.state !== 'skipped') return;
    this.end = { state: next.state, reason: next.reason, status, rows: rowsOf(reports), order };
    if (this.#unit.item === undefined) world.hooks.ended(order, result, next.state, 'task');
  }

  async givenUp({ state, reason, result, order: lastOrder }: GivenUp): Promise<void> {
    const { end, status } = result;
    this.#change({ state, reason, end });
    const order = state === 'failed' ? await lastOrder() : undefined;
    this.end = { state, reason, status, rows: undefined, order };
    if (order !== undefined && this.#unit.item === undefined)
      this.#context.world.hooks.ended(order, result, state, 'task');
  }

  async order(number: number): Promise<TryOrder> {
    return orderOf(this.#unit, number, this.#context);
  }

  #change(change: Omit<TaskChange, 'task'>): void {
    changeTasks(this.#context, [{ task: this.#unit.name, ...change }]);
  }
}
