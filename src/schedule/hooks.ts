/** Notifies others of a run: hook commands at its end, and the job's monitoring URL. */

import { Failure } from '../failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { taskOf } from '../ledger/log-path.ts';
import type { State, TryResult } from '../ledger/records.ts';
import type { TryOrder } from './tries/try.ts';

/** Runs hook commands and pings URLs. */
export interface HookActions {
  /** Runs a shell command in a try's environment, plus these variables. */
  runHook(order: TryOrder, command: string, env: Readonly<Record<string, string>>): Promise<void>;
  /** @param message body of the request */
  ping(order: TryOrder, url: string, kind: 'start' | 'success' | 'fail', message: string): Promise<void>;
}

/** What ended, and how. */
interface Occasion {
  readonly order: TryOrder;
  readonly result: TryResult;
  readonly state: State;
  readonly what: 'run' | 'task';
}

export class Hooks {
  readonly #ledger: Pick<Ledger, 'failuresInARow'>;
  readonly #actions: HookActions;
  readonly #failed: (error: unknown) => void;
  /** Hooks in progress: only shutdown waits for them. */
  readonly #open = new Set<Promise<void>>();

  /** @param failed called on a bug */
  constructor(
    ledger: Pick<Ledger, 'failuresInARow'>,
    actions: HookActions,
    failed: (error: unknown) => void,
  ) {
    this.#ledger = ledger;
    this.#actions = actions;
    this.#failed = failed;
  }

  /** Resolves when all have ended, or when `insist` is aborted: the caller must then kill the rest. */
  async settled(insist: AbortSignal): Promise<void> {
    const insisted = new Promise((resolve) => insist.addEventListener('abort', resolve, { once: true }));
    while (this.#open.size > 0 && !insist.aborted) await Promise.race([Promise.all(this.#open), insisted]);
  }

  started(order: TryOrder): void {
    this.#ping(order, 'start', '');
  }

  /** To be called when a run, or a task of a run, has ended. @param result of its last try */
  ended(order: TryOrder, result: TryResult, state: State, what: 'run' | 'task' = 'run'): void {
    const { status } = result;
    const words = [state, result.reason ?? [], status === undefined ? [] : `exit status ${status}`].flat();
    this.#ping(order, state === 'failed' ? 'fail' : 'success', words.join(', '));
    this.#begin(this.#commands({ order, result, state, what }));
  }

  async #commands({ order, result, state, what }: Occasion): Promise<void> {
    const { status } = result;
    const { onSuccess, onFailure, alertAfter } = order.job.policies;
    // The last try of a split task is that of an item.
    const task = what === 'task' ? taskOf(order.task) : order.task;
    const env = { ETL_TASK: task, ETL_STATE: state, ETL_STATUS: String(status ?? '') };
    if (state === 'success' && onSuccess !== undefined) await this.#actions.runHook(order, onSuccess, env);
    if (state !== 'failed' || onFailure === undefined) return;
    if (await this.#isToAlert(order, what, alertAfter)) await this.#actions.runHook(order, onFailure, env);
  }

  /** Whether this failure completes the streak. If the ledger cannot answer, one alert too many is better than none. */
  async #isToAlert({ job, task }: TryOrder, what: Occasion['what'], alertAfter: number): Promise<boolean> {
    const of = what === 'task' ? taskOf(task) : undefined;
    try {
      return (await this.#ledger.failuresInARow(job.name, alertAfter + 1, of)) === alertAfter;
    } catch (error) {
      if (error instanceof Failure) return true;
      throw error;
    }
  }

  #ping(order: TryOrder, kind: 'start' | 'success' | 'fail', message: string): void {
    const { ping } = order.job.policies;
    if (ping !== undefined) this.#begin(this.#actions.ping(order, ping, kind, message));
  }

  #begin(work: Promise<void>): void {
    const done = work.catch(this.#failed).finally(() => this.#open.delete(done));
    this.#open.add(done);
  }
}
