/** Executes one run of a crontab line, with retries. */

import type { NextState, Run, TryResult } from '../ledger/records.ts';
import type { Execution, Left } from './execution.ts';
import type { Job } from './jobs/job.ts';
import type { Policies } from './jobs/policies.ts';
import type { RunWorld } from './run-world.ts';
import type { GivenUp, Series } from './series.ts';
import type { GiveBack } from './tries/slots.ts';
import type { TryOrder } from './tries/try.ts';
import { TrySeries } from './try-series.ts';

/** Starts or resumes a run. @param left the state in which an earlier schedule left it */
export function executeRun(run: Run, job: Job, world: RunWorld, left?: Left): Execution {
  const series = new TrySeries(new RunOfLine(run, job, world), world);
  return {
    done: series.all(left?.kind === 'tasks' ? undefined : left),
    stop: (reason) => series.stop(reason),
  };
}

class RunOfLine implements Series {
  readonly policies: Policies;
  readonly intendsAhead = false;
  readonly tries: number;
  readonly status: number | undefined;
  readonly #run: Run;
  readonly #job: Job;
  readonly #world: RunWorld;

  constructor(run: Run, job: Job, world: RunWorld) {
    this.#run = run;
    this.#job = job;
    this.#world = world;
    this.policies = job.policies;
    this.tries = run.tries;
    this.status = run.status;
  }

  takeTurn(unwanted: AbortSignal): Promise<GiveBack | undefined> {
    return this.#world.slots.take(unwanted);
  }

  notBegun(order: TryOrder): void {
    this.#world.ledger.notBegun(order);
  }

  started(order: TryOrder): void {
    const { hooks, events } = this.#world;
    hooks.started(order);
    events.tryStarted(order, this.#run);
  }

  ended(order: TryOrder, result: TryResult, next: NextState): void {
    const { hooks, events, ledger, takeReports } = this.#world;
    ledger.ended(order, result, takeReports(order), next);
    events.tryEnded(order, result, this.#run);
    if (next.retryAt !== undefined) return;
    events.runEnded(this.#run, result, next.state);
    hooks.ended(order, result, next.state);
  }

  async givenUp({ state, reason, result, order: lastOrder }: GivenUp): Promise<void> {
    const { ledger, hooks, events } = this.#world;
    ledger.changeRun(this.#run.run, { state, reason });
    if (state === 'skipped') return;
    events.runEnded(this.#run, result, state);
    const order = await lastOrder();
    if (order !== undefined) hooks.ended(order, result, state);
  }

  async order(number: number): Promise<TryOrder> {
    const { run, repeat, scheduled, dataStart, dataEnd, isOfNow, env } = this.#run;
    const since = await this.#world.ledger.lastSuccess(this.#job.name);
    return {
      ...{ job: this.#job, run, repeat, task: this.#job.name, number, scheduled, dataStart, dataEnd },
      ...{ since, isOfNow, env },
    };
  }
}
