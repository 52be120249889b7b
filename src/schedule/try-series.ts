/** A series of tries: one after another, until one succeeds or a retry is pointless. */

import { Bell } from '../async/bell.ts';
import { elapsedMs } from '../async/clock.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';
import type { NextState, Reason, TryResult } from '../ledger/records.ts';
import { afterTry, longestRetryDelayMs } from './after-try.ts';
import type { StopReason, TryLeft } from './execution.ts';
import { patiently } from './patiently.ts';
import type { RunWorld } from './run-world.ts';
import type { Series } from './series.ts';
import { type RunningTry, type TryOrder, unmeasured } from './tries/try.ts';

/** What a series needs of the world. */
export type SeriesWorld = Pick<
  RunWorld,
  'ledger' | 'startTry' | 'troubled' | 'now' | 'random' | 'stopping' | 'ending'
>;

export class TrySeries {
  readonly #series: Series;
  readonly #world: SeriesWorld;
  readonly #stopped = new Bell();
  /** Aborted when no further try is wanted. */
  readonly #unwanted = new AbortController();
  /** Whether the running try must end, too. */
  #isToStop = false;
  #reason: StopReason = 'stopped';
  #running: Pick<RunningTry, 'stop'> | undefined;
  /** Whether the last try failed, and a retry is due. */
  #hasFailed = false;
  #hasEnded = false;
  /** Exit status of the last try. */
  #status: number | undefined;

  constructor(series: Series, world: SeriesWorld) {
    this.#series = series;
    this.#status = series.status;
    this.#world = world;
  }

  stop(reason: StopReason): void {
    this.drain(reason);
    this.#isToStop = true;
    this.#running?.stop(reason);
  }

  /** Starts no further try; a running one may finish. */
  drain(reason: StopReason): void {
    this.#reason = reason;
    this.#unwanted.abort();
    this.#stopped.ring();
  }

  get #isUnwanted(): boolean {
    return this.#unwanted.signal.aborted;
  }

  get #isOver(): boolean {
    return this.#isUnwanted || this.#world.stopping.aborted;
  }

  /** Runs the remaining tries. @param left the state in which an earlier schedule left the series */
  async all(left: TryLeft | undefined): Promise<void> {
    let number = left?.kind === 'lost' ? left.number : this.#series.tries;
    let retryAt = left?.kind === 'lost' ? (await this.#lost(left))?.retryAt : left?.at;
    if (left?.kind === 'lost' && retryAt === undefined) return;
    this.#hasFailed = retryAt !== undefined;
    while (retryAt === undefined || (await this.#pause(retryAt))) {
      const next = await this.#inTurn(++number);
      if (next?.retryAt === undefined) break;
      retryAt = next.retryAt;
    }
    if (this.#isUnwanted && !this.#hasEnded) await this.#giveUp(number);
  }

  /** Waits for the end of a try that a killed schedule left running. */
  async #lost({
    number,
    gone,
    stop,
    result,
  }: Extract<TryLeft, { kind: 'lost' }>): Promise<NextState | undefined> {
    await this.#until(gone, stop);
    const order = await this.#patiently(() => this.#series.order(number));
    return order && this.#ended(order, result ?? this.#failure('lost', undefined));
  }

  /** Sleeps until the next try. @returns whether it is still wanted */
  async #pause(until: number): Promise<boolean> {
    const { stopping, now } = this.#world;
    // Monotonic and capped: the wall clock may be set meanwhile, or was wrong when the time was chosen.
    const end = elapsedMs() + Math.min(until - now(), longestRetryDelayMs(this.#series.policies));
    for (let left = end - elapsedMs(); left > 0 && !this.#isOver; left = end - elapsedMs())
      await this.#stopped.wait(Math.min(left, LONGEST_TIMER_MS), stopping);
    return !this.#isOver;
  }

  /** Runs a try when its turn comes. @returns undefined if it did not run */
  async #inTurn(number: number): Promise<NextState | undefined> {
    const { intendsAhead, wait } = this.#series;
    let order = intendsAhead ? await this.#patiently(() => this.#intend(number)) : undefined;
    if (intendsAhead && order === undefined) return undefined;
    // A try that polls a condition takes a slot for each poll.
    const giveBack = wait === undefined ? await this.#series.takeTurn(this.#unwanted.signal) : () => {};
    if (giveBack === undefined) return undefined;
    try {
      const running = await this.#patiently(async () => {
        order ??= await this.#intend(number);
        return order && this.#start(order);
      });
      if (order === undefined) return undefined;
      if (running !== undefined) return await this.#try(order, running);
      if (!this.#isUnwanted) this.#series.notBegun(order);
      return undefined;
    } finally {
      giveBack();
    }
  }

  /** Records the intent to start a try. @returns undefined if it is no longer wanted */
  async #intend(number: number): Promise<TryOrder | undefined> {
    if (this.#isOver) return undefined;
    const order = await this.#series.order(number);
    await this.#world.ledger.intend([order]);
    return order;
  }

  /** Starts an intended try. @returns undefined if it is no longer wanted */
  async #start(order: TryOrder): Promise<RunningTry | undefined> {
    return this.#isOver ? undefined : await this.#world.startTry(order, this.#series.wait);
  }

  /** Retries the work while the ledger cannot be written. @returns undefined if the schedule ends meanwhile */
  #patiently<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    return patiently(work, this.#world, this.#stopped);
  }

  /** Ends a series whose next try was cancelled. @param number of the latest try, started or not */
  #giveUp(number: number): Promise<void> {
    const result = this.#failure(this.#reason, this.#status);
    return this.#series.givenUp({
      ...{ state: this.#hasFailed ? 'failed' : 'skipped', reason: this.#reason, result },
      order: () => this.#patiently(() => this.#series.order(number)),
    });
  }

  /** The result of a try whose end was not observed. */
  #failure(reason: Reason, code: number | undefined): TryResult {
    return unmeasured({ state: 'failed', reason, status: code, end: this.#world.now() });
  }

  async #try(order: TryOrder, running: RunningTry): Promise<NextState> {
    this.#series.started(order);
    const start = this.#world.now();
    this.#world.ledger.started(order, start);
    const result = await this.#until(running.result, (reason) => running.stop(reason));
    // The end may precede the start: the command could not be started, or the clock was set back.
    return this.#ended(order, { ...result, end: Math.max(start, result.end) });
  }

  /** Waits for processes, and stops them when they must end. */
  async #until<Result>(gone: Promise<Result>, stop: RunningTry['stop']): Promise<Result> {
    const { ending } = this.#world;
    const end = () => stop('stopped');
    this.#running = { stop };
    ending.addEventListener('abort', end, { once: true });
    if (this.#isToStop) stop(this.#reason);
    else if (ending.aborted) end();
    const result = await gone;
    ending.removeEventListener('abort', end);
    this.#running = undefined;
    return result;
  }

  #ended(order: TryOrder, result: TryResult): NextState {
    // As with Airflow's sensors, a wait that timed out is not retried.
    const isOverForGood = this.#series.wait !== undefined && result.reason === 'timeout';
    const next = afterTry(
      {
        result,
        tries: order.number - (this.#series.forgiven ?? 0),
        isUnwanted: this.#isUnwanted || isOverForGood,
        random: this.#world.random(),
      },
      this.#series.policies,
    );
    this.#status = result.status;
    this.#hasFailed = next.retryAt !== undefined;
    this.#hasEnded = !this.#hasFailed;
    this.#series.ended(order, result, next);
    return next;
  }
}
