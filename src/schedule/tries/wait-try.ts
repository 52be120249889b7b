/**
 * A try that waits for a condition by polling: it runs its command again and again until it succeeds or the time limit is over.
 * Between polls nothing runs, and no slot is taken.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { callAfter } from '../../async/long-timer.ts';
import { LONGEST_TIMER_MS } from '../../async/time-limit.ts';
import type { Started } from '../../commands/start-command.ts';
import type { Failure } from '../../failure.ts';
import type { TryResult } from '../../ledger/records.ts';
import { CommandTry, type TryContext } from './command-try.ts';
import type { GiveBack } from './slots.ts';
import type { RunningTry } from './try.ts';
import { noteLines } from './try-log.ts';

/** How a try waits for its condition. */
export interface Wait {
  /** From the end of one poll to the start of the next. */
  readonly everyMs: number;
  /** Waits for a slot for a poll. @param unwanted aborts the wait @returns undefined if it was aborted first */
  takeTurn(unwanted: AbortSignal): Promise<GiveBack | undefined>;
}

type StopReason = Parameters<RunningTry['stop']>[0];

export class WaitTry implements RunningTry {
  readonly result: Promise<TryResult>;
  readonly #context: TryContext;
  readonly #wait: Wait;
  readonly #start: () => Promise<Started | Failure>;
  readonly #over = new AbortController();
  readonly #endLimit: () => void;
  #reason: StopReason | undefined;
  #poll: CommandTry | undefined;
  #cpuSeconds: number | undefined;

  /** @param start starts the command for one poll */
  constructor(context: TryContext, wait: Wait, start: () => Promise<Started | Failure>) {
    this.#context = context;
    this.#wait = wait;
    this.#start = start;
    this.#endLimit = callAfter(context.order.job.policies.timeoutMs, () => this.stop('timeout'));
    this.result = this.#all();
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#over.abort();
    this.#poll?.stop(reason);
  }

  kill(): void {
    this.stop('stopped');
    this.#poll?.kill();
  }

  async #all(): Promise<TryResult> {
    let last: TryResult | undefined;
    while (this.#reason === undefined) {
      const answer = await this.#pollOnce();
      const isCutOff = this.#reason !== undefined && answer?.reason !== undefined;
      // A poll that was cut off tells less than the result before it.
      if (!isCutOff || last === undefined) last = answer ?? last;
      if (answer?.state === 'success' || answer?.reason !== undefined) break;
      if (this.#reason === undefined) await this.#pause();
    }
    return this.#end(last);
  }

  /** Polls once. @returns undefined if the wait ended before it started */
  async #pollOnce(): Promise<TryResult | undefined> {
    const giveBack = await this.#wait.takeTurn(this.#over.signal);
    if (giveBack === undefined) return undefined;
    try {
      const poll = new CommandTry(this.#pollContext(), await this.#start());
      this.#poll = poll;
      if (this.#reason !== undefined) poll.stop(this.#reason);
      const result = await poll.result;
      if (result.cpuSeconds !== undefined) this.#cpuSeconds = (this.#cpuSeconds ?? 0) + result.cpuSeconds;
      return result;
    } finally {
      this.#poll = undefined;
      giveBack();
    }
  }

  /** The log stays open, and a failure only means that the condition does not hold yet. */
  #pollContext(): TryContext {
    const { order, log } = this.#context;
    const { policies } = order.job;
    const asked = { ...policies, timeoutMs: Number.POSITIVE_INFINITY, skipOn: new Set<number>() };
    return {
      ...{ ...this.#context, order: { ...order, job: { ...order.job, policies: asked } } },
      log: { add: (lines) => log.add(lines), close: () => {} },
    };
  }

  /** Sleeps until the next poll, or until the wait is over. */
  async #pause(): Promise<void> {
    const ms = Math.min(this.#wait.everyMs, LONGEST_TIMER_MS);
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {});
  }

  #end(last: TryResult | undefined): TryResult {
    this.#endLimit();
    const { log, world, start } = this.#context;
    const now = world.now();
    const state = last?.state === 'success' ? 'success' : 'failed';
    const reason = state === 'success' ? undefined : (this.#reason ?? last?.reason);
    const why = reason === undefined ? '' : `${reason}: `;
    const answer = last === undefined ? 'never asked' : `exit status ${last.status}`;
    log.close(noteLines([`${state}: ${why}${answer}`], now));
    return {
      ...{ state, reason, status: last?.status, signal: last?.signal, start, end: now },
      ...{ cpuSeconds: this.#cpuSeconds, peakBytes: last?.peakBytes },
    };
  }
}
