/** Does one run: try after try, until it has succeeded, or no further try is of use. */

import { Bell } from '../async/bell.ts';
import { elapsedMs } from '../async/clock.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';
import { Failure } from '../failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { NextState, Reason, Run, ToolReport, TryResult } from '../ledger/records.ts';
import { afterTry, longestRetryDelayMs } from './after-try.ts';
import type { Execution, Left } from './execution.ts';
import type { Hooks } from './hooks.ts';
import type { Job } from './job.ts';
import type { RunEvents } from './run-events.ts';
import type { Slots } from './slots.ts';
import type { RunningTry, TryOrder } from './try.ts';

/** How long to wait for a ledger that cannot be written. */
const AGAIN_MS = 1000;

/** What runs are done with. */
export interface RunWorld {
  readonly ledger: Ledger;
  readonly slots: Slots;
  readonly hooks: Hooks;
  readonly events: RunEvents;
  /** @throws Failure when it cannot be started, but may be later */
  startTry(order: TryOrder): Promise<RunningTry>;
  /** What the tools of a try have reported. */
  takeReports(order: TryOrder): readonly ToolReport[];
  /** Reports a ledger that cannot be written. */
  troubled(failure: Failure): void;
  now(): number;
  random(): number;
  /** Aborted when no try is begun any more. */
  readonly stopping: AbortSignal;
  /** Aborted when those that run are to end. */
  readonly ending: AbortSignal;
}

/** Begins a run, or goes on with one. @param left by the schedule before, of a run that it had begun */
export function executeRun(run: Run, job: Job, world: RunWorld, left?: Left): Execution {
  const execution = new RunExecution(run, job, world);
  return { done: execution.all(left), stop: (reason) => execution.stop(reason) };
}

class RunExecution {
  readonly #run: Run;
  readonly #job: Job;
  readonly #world: RunWorld;
  readonly #stopped = new Bell();
  #isUnwanted = false;
  #reason: Extract<Reason, 'killed' | 'stopped'> = 'stopped';
  #running: Pick<RunningTry, 'stop'> | undefined;
  /** Whether its last try has failed, and another one is to be made. */
  #hasFailed = false;
  #hasEnded = false;
  /** Exit status of its last try. */
  #status: number | undefined;

  constructor(run: Run, job: Job, world: RunWorld) {
    this.#run = run;
    this.#status = run.status;
    this.#job = job;
    this.#world = world;
  }

  stop(reason: 'killed' | 'stopped'): void {
    this.#reason = reason;
    this.#isUnwanted = true;
    this.#stopped.ring();
    this.#running?.stop(reason);
  }

  get #isOver(): boolean {
    return this.#isUnwanted || this.#world.stopping.aborted;
  }

  /** All its tries from now on. */
  async all(left: Left | undefined): Promise<void> {
    let number = left?.kind === 'lost' ? left.number : this.#run.tries;
    let retryAt = left?.kind === 'lost' ? (await this.#lost(left))?.retryAt : left?.at;
    if (left?.kind === 'lost' && retryAt === undefined) return;
    this.#hasFailed = retryAt !== undefined;
    while (retryAt === undefined || (await this.#pause(retryAt))) {
      const next = await this.#inSlot(++number);
      if (next?.retryAt === undefined) break;
      retryAt = next.retryAt;
    }
    if (this.#isUnwanted && !this.#hasEnded) await this.#giveUp(number);
  }

  /** Waits for the end of what a killed schedule has left running. */
  async #lost({
    number,
    gone,
    stop,
    result,
  }: Extract<Left, { kind: 'lost' }>): Promise<NextState | undefined> {
    await this.#until(gone, stop);
    const order = await this.#patiently(() => this.#order(number));
    return order && this.#ended(order, result ?? this.#failure('lost', undefined));
  }

  /** Waits for the next try. @returns whether it is to be made */
  async #pause(until: number): Promise<boolean> {
    const { stopping, now } = this.#world;
    // Whatever the clock is set to meanwhile, and was when the time was chosen.
    const end = elapsedMs() + Math.min(until - now(), longestRetryDelayMs(this.#job.policies));
    for (let left = end - elapsedMs(); left > 0 && !this.#isOver; left = end - elapsedMs())
      await this.#stopped.wait(Math.min(left, LONGEST_TIMER_MS), stopping);
    return !this.#isOver;
  }

  /** A try, as soon as there is a slot. @returns undefined when it was not made */
  async #inSlot(number: number): Promise<NextState | undefined> {
    const { slots } = this.#world;
    await slots.take();
    try {
      const begun = await this.#patiently(() => this.#start(number));
      return begun && (await this.#try(begun.order, begun.running));
    } finally {
      slots.giveBack();
    }
  }

  /** Starts a try once it is written down that it is going to start. @returns undefined when it is not to, after all */
  async #start(number: number): Promise<{ order: TryOrder; running: RunningTry } | undefined> {
    const { ledger, startTry } = this.#world;
    if (this.#isOver) return undefined;
    const order = await this.#order(number);
    await ledger.intend([order]);
    return this.#isOver ? undefined : { order, running: await startTry(order) };
  }

  /** Does it again while the ledger cannot be written. @returns undefined when the schedule ends meanwhile */
  async #patiently<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const { troubled, stopping } = this.#world;
    do {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        troubled(error);
      }
      await this.#stopped.wait(AGAIN_MS, stopping);
    } while (!stopping.aborted);
    return undefined;
  }

  /** Ends a run that waits for a try which is not to be made. @param number of the try */
  async #giveUp(number: number): Promise<void> {
    const { ledger, hooks, events } = this.#world;
    const state = this.#hasFailed ? 'failed' : 'skipped';
    ledger.changeRun(this.#run.run, { state, reason: this.#reason });
    if (state === 'skipped') return;
    const result = this.#failure(this.#reason, this.#status);
    events.runEnded(this.#run, result, state);
    const order = await this.#patiently(() => this.#order(number));
    if (order !== undefined) hooks.ended(order, result, state);
  }

  /** How a try ended that we did not see end. */
  #failure(reason: Reason, code: number | undefined): TryResult {
    return {
      ...{ state: 'failed', reason, status: code, signal: undefined, start: undefined },
      ...{ end: this.#world.now(), cpuSeconds: undefined, peakBytes: undefined },
    };
  }

  async #try(order: TryOrder, running: RunningTry): Promise<NextState> {
    const { hooks, events, ledger, now } = this.#world;
    hooks.started(order);
    events.tryStarted(order, this.#run);
    ledger.started(order, now());
    const result = await this.#until(running.result, (reason) => running.stop(reason));
    return this.#ended(order, result);
  }

  /** Waits for processes, which are stopped when they are to end. */
  async #until<Result>(gone: Promise<Result>, stop: RunningTry['stop']): Promise<Result> {
    const { ending } = this.#world;
    const end = () => stop('stopped');
    this.#running = { stop };
    ending.addEventListener('abort', end, { once: true });
    if (this.#isUnwanted) stop(this.#reason);
    else if (ending.aborted) end();
    const result = await gone;
    ending.removeEventListener('abort', end);
    this.#running = undefined;
    return result;
  }

  #ended(order: TryOrder, result: TryResult): NextState {
    const { hooks, events, ledger, takeReports, random } = this.#world;
    const next = afterTry(
      { result, tries: order.number, isUnwanted: this.#isUnwanted, random: random() },
      this.#job.policies,
    );
    ledger.ended(order, result, takeReports(order), next);
    events.tryEnded(order, result, this.#run);
    this.#status = result.status;
    this.#hasFailed = next.retryAt !== undefined;
    this.#hasEnded = !this.#hasFailed;
    if (this.#hasEnded) {
      events.runEnded(this.#run, result, next.state);
      hooks.ended(order, result, next.state);
    }
    return next;
  }

  async #order(number: number): Promise<TryOrder> {
    const { run, repeat, scheduled, dataStart, dataEnd, isOfNow, env } = this.#run;
    const since = await this.#world.ledger.lastSuccess(this.#job.name);
    return {
      ...{ job: this.#job, run, repeat, task: this.#job.name, number, scheduled, dataStart, dataEnd },
      ...{ since, isOfNow, env },
    };
  }
}
