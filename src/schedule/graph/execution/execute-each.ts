/**
 * Executes a split task: once for each of its items, as many at once as its limits allow.
 *
 * Memory: all items, and the state of those that run or wait for a retry; the others are begun one after the other.
 */

import { Failure } from '../../../failure.ts';
import { abandonItems, type NewTask, type TaskChange, writeTasks } from '../../../ledger/tasks.ts';
import type { StopReason, TaskLeft } from '../../execution.ts';
import { Slots } from '../../tries/slots.ts';
import { type TryOrder, unmeasured } from '../../tries/try.ts';
import type { Task } from '../graph.ts';
import { executeTask, orderOf, type TaskEnd, type TaskExecution } from './execute-task.ts';
import type { GraphContext } from './graph-context.ts';
import type { ItemProgress } from './graph-state.ts';
import { readItems } from './items.ts';
import { ItemsResult } from './items-result.ts';
import { changeTasks } from './task-changes.ts';

interface EachOptions {
  /** What a resumed run continues with, including items. */
  readonly left: ReadonlyMap<string, TaskLeft>;
  /** Called once the items are known, and after each item but the last one. */
  onProgress(progress: ItemProgress): void;
}

export function executeEach(task: Task, context: GraphContext, options: EachOptions): TaskExecution {
  const items = new ItemsOfTask(task, context, options);
  return {
    done: items.all(),
    stop: (reason) => items.end(reason, (execution) => execution.stop(reason)),
    drain: (reason) => items.end(reason, (execution) => execution.drain(reason)),
  };
}

class ItemsOfTask {
  readonly #task: Task;
  readonly #context: GraphContext;
  readonly #left: ReadonlyMap<string, TaskLeft>;
  readonly #onProgress: EachOptions['onProgress'];
  readonly #limits: readonly Slots[];
  readonly #running = new Set<TaskExecution>();
  readonly #result = new ItemsResult();
  /** Number of items. */
  #total = 0;
  #reason: StopReason | undefined;
  readonly #over = new AbortController();
  #settle: () => void = () => {};

  constructor(task: Task, context: GraphContext, { left, onProgress }: EachOptions) {
    this.#task = task;
    this.#context = context;
    this.#left = left;
    this.#onProgress = onProgress;
    const own = Number.isFinite(task.maxParallel) ? [new Slots(task.maxParallel)] : [];
    this.#limits = [...own, ...context.limitsOf(task)];
  }

  end(reason: StopReason, end: (execution: TaskExecution) => void): void {
    this.#reason ??= reason;
    this.#over.abort();
    for (const execution of this.#running) end(execution);
  }

  async all(): Promise<TaskEnd | undefined> {
    const items = await this.#items();
    if (items === undefined) return this.#notSplit();
    if (items instanceof Failure) return this.#refused(items);
    const known = items.map((item, index) => this.#known(item, index));
    this.#total = items.length;
    this.#begin(items, known);
    this.#progress();
    const failed: unknown[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#isOver) break;
      if (known[index] === undefined) await this.#launch(item, index, (error) => failed.push(error));
    }
    await this.#idle();
    if (failed.length > 0) throw failed[0];
    return this.#finish(items.length);
  }

  /** Resolves once no item is running. */
  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      if (this.#running.size === 0) resolve();
    });
  }

  get #isOver(): boolean {
    return this.#reason !== undefined || this.#context.world.stopping.aborted;
  }

  async #items(): Promise<readonly string[] | undefined | Failure> {
    const { runDirectory, world } = this.#context;
    try {
      const stop = { signal: this.#over.signal, insist: world.stopping, graceMs: 0 };
      return await readItems(this.#task, { runDirectory, stop });
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  /** The task was stopped before its items were known. */
  #notSplit(): TaskEnd | undefined {
    if (this.#reason === undefined) return undefined;
    const end = { state: 'skipped', reason: this.#reason } as const;
    this.#change({ ...end, end: this.#context.world.now() });
    return { ...end, status: undefined, rows: undefined, order: undefined };
  }

  /** Records why the items cannot be read, in the log of one failed try of the task itself. It is not retried. */
  async #refused(refusal: Failure): Promise<TaskEnd | undefined> {
    const task = { ...this.#task, policies: { ...this.#task.policies, retries: 0 } };
    const unit = { task, name: task.name, limits: [], refusal };
    const execution = executeTask(unit, this.#context, this.#left.get(task.name));
    this.#running.add(execution);
    if (this.#reason !== undefined) execution.stop(this.#reason);
    return execution.done;
  }

  /** The result of an item that a resumed run keeps; undefined if the item is to run. */
  #known(item: string, index: number): TaskLeft | undefined {
    const left = this.#left.get(this.#nameOf(index));
    if (left === undefined || left.item !== item || left.state === 'none') return undefined;
    const { state, reason, status, tries } = left;
    if (state !== 'success' && state !== 'failed' && state !== 'skipped') return left;
    const unit = { task: this.#task, name: this.#nameOf(index), item: { text: item, index } };
    const order = tries === 0 ? undefined : orderOf(unit, tries, this.#context);
    this.#result.add({ state, reason, status, rows: undefined, order });
    return left;
  }

  /** A try that stands for the whole task, for hooks. */
  #whole(): TryOrder {
    return orderOf({ task: this.#task, name: this.#task.name }, 1, this.#context);
  }

  #nameOf(index: number): string {
    return `${this.#task.name}[${index}]`;
  }

  #begin(items: readonly string[], known: readonly (TaskLeft | undefined)[]): void {
    const { world, run } = this.#context;
    const { name: split, hash } = this.#task;
    const rows = items.map((item, index): NewTask => {
      const { state = 'none', reason } = known[index] ?? {};
      return { task: this.#nameOf(index), position: index, split, item, state, reason, hash };
    });
    // The run had more items before it was resumed.
    for (let index = items.length; this.#left.has(this.#nameOf(index)); index++)
      rows.push({ task: this.#nameOf(index), position: index, split, state: 'removed', hash });
    world.ledger.later((file) => writeTasks(file, run.run, rows));
    world.hooks.started(this.#whole());
    if (items.length > 0) this.#change({ state: 'running', start: world.now() });
  }

  /** Begins an item. Resolves once it has its turn, so that the next one can queue. */
  #launch(text: string, index: number, failed: (error: unknown) => void): Promise<void> {
    return new Promise((resolve) => {
      const name = this.#nameOf(index);
      const unit = { task: this.#task, name, item: { text, index }, limits: this.#limits, onTurn: resolve };
      const left = this.#left.get(name);
      const execution = executeTask(unit, this.#context, left?.item === text ? left : undefined);
      this.#running.add(execution);
      execution.done
        .then((end) => {
          this.#result.add(end);
          this.#progress();
        }, failed)
        .finally(() => {
          this.#running.delete(execution);
          if (this.#running.size === 0) this.#settle();
          resolve();
        });
    });
  }

  /** Reports progress, except after the last item, which ends the task. */
  #progress(): void {
    const { counts, ended } = this.#result;
    if (ended < this.#total) this.#onProgress({ ...counts, total: this.#total });
  }

  #finish(total: number): TaskEnd | undefined {
    const { world, run } = this.#context;
    const { counts, ended, rows, firstFailure, last, isUndone } = this.#result;
    const { success, failed, skipped } = counts;
    const rest = total - ended;
    if (isUndone || (rest > 0 && this.#reason === undefined)) return undefined;
    const now = world.now();
    const reason = rest > 0 ? this.#reason : undefined;
    if (reason !== undefined)
      world.ledger.later((file) => abandonItems(file, run.run, this.#task.name, { reason, now }));
    const hasBegun = success + failed > 0;
    const hasFailed = failed > 0 || (reason !== undefined && hasBegun);
    const state = hasFailed ? 'failed' : success > 0 ? 'success' : 'skipped';
    const status = firstFailure?.status ?? (state === 'success' ? 0 : undefined);
    const { order } = firstFailure ?? last ?? {};
    this.#change({ state, reason, status, end: now, rows });
    if (order !== undefined || total === 0)
      world.hooks.ended(
        order ?? this.#whole(),
        unmeasured({ state, reason, status, end: now }),
        state,
        'task',
      );
    const items = { success, failed, skipped: skipped + rest };
    return { state, reason, status, rows, order, ...(total > 0 && { items }) };
  }

  #change(change: Omit<TaskChange, 'task'>): void {
    changeTasks(this.#context, [{ task: this.#task.name, ...change }]);
  }
}
