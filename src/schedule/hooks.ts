/** What a schedule tells of a run to others: commands after its end, and a URL that watches over the job. */

import { Failure } from '../failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { State, TryResult } from '../ledger/records.ts';
import type { TryOrder } from './try.ts';

/** How the commands are run and the URL is called. */
export interface HookActions {
  /** Runs a shell command for a try, with these variables on top of those of the try. */
  runHook(order: TryOrder, command: string, env: Readonly<Record<string, string>>): Promise<void>;
  /** @param message sent along with it */
  ping(order: TryOrder, url: string, kind: 'start' | 'success' | 'fail', message: string): Promise<void>;
}

export class Hooks {
  readonly #ledger: Pick<Ledger, 'failuresInARow'>;
  readonly #actions: HookActions;
  readonly #failed: (error: unknown) => void;
  /** What has not ended yet. Nothing waits for it but the end of the schedule. */
  readonly #open = new Set<Promise<void>>();

  /** @param failed called with what cannot be helped */
  constructor(
    ledger: Pick<Ledger, 'failuresInARow'>,
    actions: HookActions,
    failed: (error: unknown) => void,
  ) {
    this.#ledger = ledger;
    this.#actions = actions;
    this.#failed = failed;
  }

  /** Resolves when all of them have ended, or are not waited for any more: what runs then is the caller's to end. */
  async settled(insist: AbortSignal): Promise<void> {
    const insisted = new Promise((resolve) => insist.addEventListener('abort', resolve, { once: true }));
    while (this.#open.size > 0 && !insist.aborted) await Promise.race([Promise.all(this.#open), insisted]);
  }

  started(order: TryOrder): void {
    this.#ping(order, 'start', '');
  }

  /** To be called when a run has come to its end. @param result of its last try */
  ended(order: TryOrder, result: TryResult, state: State): void {
    const { status } = result;
    const words = [state, result.reason ?? [], status === undefined ? [] : `exit status ${status}`].flat();
    this.#ping(order, state === 'failed' ? 'fail' : 'success', words.join(', '));
    this.#begin(this.#commands(order, result, state));
  }

  async #commands(order: TryOrder, { status }: TryResult, state: State): Promise<void> {
    const { onSuccess, onFailure, alertAfter } = order.job.policies;
    const env = { ETL_STATE: state, ETL_STATUS: String(status ?? '') };
    if (state === 'success' && onSuccess !== undefined) await this.#actions.runHook(order, onSuccess, env);
    if (state !== 'failed' || onFailure === undefined) return;
    if (await this.#isToAlert(order.job.name, alertAfter)) await this.#actions.runHook(order, onFailure, env);
  }

  /** Where the ledger does not tell, it is better to alert once too often. */
  async #isToAlert(job: string, alertAfter: number): Promise<boolean> {
    try {
      return (await this.#ledger.failuresInARow(job, alertAfter + 1)) === alertAfter;
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
