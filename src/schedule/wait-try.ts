/**
 * A try that waits for a condition: its command is asked again and again until it succeeds, or the time limit is over. Between
 * two questions nothing runs, and no slot is taken.
 */

import { Bell } from '../async/bell.ts';
import { elapsedMs } from '../async/clock.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';
import type { Started } from '../commands/start-command.ts';
import type { Failure } from '../failure.ts';
import type { TryResult } from '../ledger/records.ts';
import { CommandTry, type TryContext } from './command-try.ts';
import type { RunningTry } from './try.ts';
import { noteLines } from './try-log.ts';

/** How it waits. */
export interface Wait {
  /** From the end of a question to the next one. */
  readonly everyMs: number;
  /** Waits until a question may be asked. @returns what gives the turn back */
  takeTurn(): Promise<() => void>;
}

type StopReason = Parameters<RunningTry['stop']>[0];

export class WaitTry implements RunningTry {
  readonly result: Promise<TryResult>;
  readonly #context: TryContext;
  readonly #wait: Wait;
  readonly #start: () => Promise<Started | Failure>;
  readonly #stopped = new Bell();
  readonly #endAt: number;
  #reason: StopReason | undefined;
  #question: CommandTry | undefined;
  #cpuSeconds: number | undefined;

  /** @param start asks the question */
  constructor(context: TryContext, wait: Wait, start: () => Promise<Started | Failure>) {
    this.#context = context;
    this.#wait = wait;
    this.#start = start;
    this.#endAt = elapsedMs() + context.order.job.policies.timeoutMs;
    this.result = this.#all();
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#stopped.ring();
    this.#question?.stop(reason);
  }

  kill(): void {
    this.stop('stopped');
    this.#question?.kill();
  }

  async #all(): Promise<TryResult> {
    let last: TryResult | undefined;
    for (;;) {
      const asked = await this.#ask();
      last = asked ?? last;
      if (asked?.state === 'success' || asked?.reason !== undefined || this.#reason !== undefined)
        return this.#end(last);
      await this.#pause();
      if (elapsedMs() >= this.#endAt) this.#reason ??= 'timeout';
      if (this.#reason !== undefined) return this.#end(last);
    }
  }

  /** Asks once. @returns undefined when it is not to be asked any more */
  async #ask(): Promise<TryResult | undefined> {
    const giveBack = await this.#wait.takeTurn();
    try {
      if (this.#reason !== undefined) return undefined;
      const question = new CommandTry(this.#contextOfQuestion(), await this.#start());
      this.#question = question;
      if (this.#reason !== undefined) question.stop(this.#reason);
      const result = await question.result;
      if (result.cpuSeconds !== undefined) this.#cpuSeconds = (this.#cpuSeconds ?? 0) + result.cpuSeconds;
      return result;
    } finally {
      this.#question = undefined;
      giveBack();
    }
  }

  /** The log goes on behind it; whatever its status, it says no more than that the condition does not hold yet. */
  #contextOfQuestion(): TryContext {
    const { order, log } = this.#context;
    const { policies } = order.job;
    const timeoutMs = Math.max(0, this.#endAt - elapsedMs());
    const limited = { ...policies, timeoutMs, skipOn: new Set<number>() };
    return {
      ...{ ...this.#context, order: { ...order, job: { ...order.job, policies: limited } } },
      log: { add: (lines) => log.add(lines), close: () => {} },
    };
  }

  async #pause(): Promise<void> {
    const end = Math.min(elapsedMs() + this.#wait.everyMs, this.#endAt);
    const never = new AbortController().signal;
    for (let left = end - elapsedMs(); left > 0 && this.#reason === undefined; left = end - elapsedMs())
      await this.#stopped.wait(Math.min(left, LONGEST_TIMER_MS), never);
  }

  #end(last: TryResult | undefined): TryResult {
    const { log, world, start } = this.#context;
    const now = world.now();
    const state = last?.state === 'success' ? 'success' : 'failed';
    const reason = state === 'success' ? undefined : (this.#reason ?? last?.reason);
    const status = last?.status ?? 0;
    const why = reason === undefined ? '' : `${reason}: `;
    log.close(noteLines([`${state}: ${why}exit status ${status}`], now));
    return {
      ...{ state, reason, status: last?.status, signal: last?.signal, start, end: now },
      ...{ cpuSeconds: this.#cpuSeconds, peakBytes: last?.peakBytes },
    };
  }
}
