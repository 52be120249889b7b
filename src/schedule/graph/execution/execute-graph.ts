/** Executes one run of a graph: starts each task when its trigger rule allows it, until all have ended. */

import { Bell } from '../../../async/bell.ts';
import { callAfter } from '../../../async/long-timer.ts';
import { writeGraph } from '../../../ledger/graphs.ts';
import type { Run } from '../../../ledger/records.ts';
import { beginGraph, changeTask, endGraph, type TaskChange } from '../../../ledger/tasks.ts';
import type { Execution, Left, StopReason, TaskLeft } from '../../execution.ts';
import type { Job } from '../../jobs/job.ts';
import { patiently } from '../../patiently.ts';
import type { RunWorld } from '../../run-world.ts';
import type { Task } from '../graph.ts';
import { executeEach } from './execute-each.ts';
import { executeTask, type TaskEnd, type TaskExecution } from './execute-task.ts';
import { type GraphContext, graphContext, orderOfRun } from './graph-context.ts';
import { graphRecord, newTasks } from './graph-record.ts';
import { GraphResult } from './graph-result.ts';
import { GraphState, type Move } from './graph-state.ts';
import { changeTasks, tellTasks } from './task-changes.ts';
import { resultsOf } from './tasks-left.ts';

export interface GraphExecution extends Execution {
  /** Begins no further tasks; running ones may finish. */
  drain(reason: StopReason): void;
}

/** Begins or resumes a run of a job that has a graph. @param left what a resumed run continues with */
export function executeGraph(run: Run, job: Job, world: RunWorld, left?: Left): GraphExecution {
  const { graph } = job;
  if (graph === undefined) throw new Error(`${job.name} has no graph`);
  const tasks = left?.kind === 'tasks' ? left.tasks : new Map<string, TaskLeft>();
  const execution = new TasksOfRun(run, { job, graph, world }, tasks);
  return {
    done: execution.all(),
    stop: (reason) => execution.stop(reason),
    drain: (reason) => execution.drain(reason),
  };
}

class TasksOfRun {
  readonly #run: Run;
  readonly #around: Pick<GraphContext, 'job' | 'graph' | 'world'>;
  readonly #left: ReadonlyMap<string, TaskLeft>;
  readonly #state: GraphState;
  readonly #result: GraphResult;
  readonly #running = new Map<string, TaskExecution>();
  readonly #stopped = new Bell();
  #reason: StopReason | undefined;
  /** Whether running tasks are to be stopped, too. */
  #isToStop = false;
  /** Whether the tasks are recorded in the ledger. */
  #isBegun = false;
  #settle: () => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(
    run: Run,
    around: Pick<GraphContext, 'job' | 'graph' | 'world'>,
    left: ReadonlyMap<string, TaskLeft>,
  ) {
    this.#run = run;
    this.#around = around;
    this.#left = left;
    this.#state = new GraphState(around.graph.tasks.values(), resultsOf(around.graph.tasks.keys(), left));
    this.#result = new GraphResult(left);
  }

  stop(reason: StopReason): void {
    this.drain(reason);
    this.#isToStop = true;
    for (const task of this.#running.values()) task.stop(this.#reason ?? reason);
  }

  drain(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#stopped.ring();
    if (this.#isBegun) this.#abandon(reason);
  }

  /** Executes all tasks that are still to run, then ends the run. */
  async all(): Promise<void> {
    const { world, job } = this.#around;
    const known = await this.#patiently(async () => ({ since: await world.ledger.lastSuccess(job.name) }));
    if (known === undefined) return;
    const context = graphContext(this.#run, { ...this.#around, ...known });
    const moves = this.#state.begin();
    if ((await this.#patiently(() => this.#begin(moves))) === undefined) return;
    world.hooks.started(orderOfRun(context));
    const endLimit = callAfter(this.#around.graph.runTimeoutMs, () => this.stop('timeout'));
    try {
      await this.#tasks(context, moves);
    } finally {
      endLimit();
    }
    if (this.#state.isDone) this.#end(context);
  }

  /** Skips what is not begun, as Airflow does when a run is stopped or times out. */
  #abandon(reason: StopReason): void {
    const end = this.#around.world.now();
    this.#change(this.#state.abandon('skipped').map((task) => ({ task, state: 'skipped', reason, end })));
    for (const task of this.#running.values())
      if (this.#isToStop) task.stop(reason);
      else task.drain(reason);
  }

  /** Commits the tasks of the run before any of them starts. */
  async #begin(moves: readonly Move[]): Promise<true> {
    const { world, graph } = this.#around;
    const changes = this.#changesOf(moves);
    await world.ledger.write((file) => {
      writeGraph(file, graphRecord(graph));
      beginGraph(file, this.#run.run, graph.hash, newTasks(graph, this.#left));
      for (const change of changes) changeTask(file, this.#run.run, change);
    });
    tellTasks({ run: this.#run, world }, changes);
    return true;
  }

  /** Resolves when no task is running, and none will be started. */
  #tasks(context: GraphContext, moves: readonly Move[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#isBegun = true;
      this.#settle = resolve;
      this.#fail = reject;
      this.#launchAll(moves, context);
      if (this.#reason !== undefined) this.#abandon(this.#reason);
    });
  }

  #launchAll(moves: readonly Move[], context: GraphContext): void {
    for (const { task: name, state } of moves) {
      const task = this.#around.graph.tasks.get(name);
      if (state === 'scheduled' && task !== undefined) this.#launch(task, context);
    }
    if (this.#running.size === 0) this.#settle();
  }

  #launch(task: Task, context: GraphContext): void {
    const unit = { task, name: task.name, limits: context.limitsOf(task) };
    const execution =
      task.each === undefined
        ? executeTask(unit, context, this.#left.get(task.name))
        : executeEach(task, context, {
            left: this.#left,
            onProgress: (progress) => this.#move(this.#state.count(task.name, progress), context),
          });
    this.#running.set(task.name, execution);
    execution.done.then((end) => this.#taskEnded(task, end, context)).catch(this.#fail);
  }

  #taskEnded({ name }: Task, end: TaskEnd | undefined, context: GraphContext): void {
    this.#running.delete(name);
    if (end !== undefined) this.#result.add(end);
    this.#move(end === undefined ? [] : this.#state.end(name, end), context);
  }

  #move(moves: readonly Move[], context: GraphContext): void {
    const changes = this.#changesOf(moves);
    this.#change(changes);
    for (const { state } of changes) this.#result.addState(state);
    this.#launchAll(moves, context);
  }

  #changesOf(moves: readonly Move[]): TaskChange[] {
    const now = this.#around.world.now();
    return moves.map((move) => ({
      ...move,
      ...(move.state === 'scheduled' ? { queued: now } : { end: now }),
    }));
  }

  #change(changes: readonly TaskChange[]): void {
    changeTasks({ run: this.#run, world: this.#around.world }, changes);
  }

  #end(context: GraphContext): void {
    const { ledger, events, hooks, now } = this.#around.world;
    const { end, order, result } = this.#result.of({ reason: this.#reason, now: now() });
    ledger.later((file) => endGraph(file, this.#run.run, end));
    events.runEnded(this.#run, result, end.state);
    hooks.ended(orderOfRun(context, order), result, end.state);
  }

  #patiently<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    return patiently(work, this.#around.world, this.#stopped, () => this.#reason !== undefined);
  }
}
