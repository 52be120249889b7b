/**
 * The run queue of one job: one run at a time, in order. The `overlap` policy decides about a run that falls due while another is
 * running; catch-up and manual runs always wait their turn.
 */

import type { Run, Trigger } from '../ledger/records.ts';
import type { Execution, Left } from './execution.ts';
import type { Job } from './jobs/job.ts';

interface QueueActions {
  execute(run: Run, job: Job, left?: Left): Execution;
  /** Called with a queued run that is no longer needed. */
  drop(run: Run): void;
  /** Called with the rejection of an execution's `done`. */
  fail(error: unknown): void;
}

interface Waiting {
  readonly run: Run;
  readonly job: Job;
  readonly left: Left | undefined;
}

export class JobQueue {
  readonly #actions: QueueActions;
  #current: (Waiting & { readonly execution: Execution }) | undefined;
  readonly #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(actions: QueueActions) {
    this.#actions = actions;
  }

  get isIdle(): boolean {
    return this.#current === undefined;
  }

  /** Settles when the current run has ended. */
  get done(): Promise<void> {
    return this.#current?.execution.done ?? Promise.resolve();
  }

  /** Whether to queue each of these runs, which were decided together; those that are not queued count as overlaps. */
  judge(job: Job, triggers: readonly Trigger[]): boolean[] {
    let waits = this.#waiting.filter(({ run }) => run.trigger === 'schedule').length;
    let isBusy = this.#current !== undefined;
    let hasBacklog = [this.#current, ...this.#waiting].some((one) => one?.run.trigger === 'catchup');
    // A late beat finds several due times at once; the job was idle at each.
    const wasIdle = !isBusy && job.when.kind === 'minutes';
    return triggers.map((trigger) => {
      hasBacklog ||= trigger === 'catchup';
      const { overlap } = job.policies;
      const isFree = !isBusy || hasBacklog || wasIdle || overlap === 'kill';
      if (!isFree && (overlap === 'skip' || waits > 0)) return false;
      if (isBusy) waits++;
      isBusy = true;
      return true;
    });
  }

  /** Queues a run. @param left the state in which an earlier schedule left it */
  add(run: Run, job: Job, left?: Left): void {
    const isOverlap = this.#current !== undefined && run.trigger === 'schedule';
    if (isOverlap && job.policies.overlap === 'kill' && this.#current?.run.trigger === 'schedule') {
      this.#dropScheduled();
      this.#current.execution.stop('killed');
    }
    this.#waiting.push({ run, job, left });
    this.#next();
  }

  /** Stops a run, or takes it off the queue. @returns what it was doing; undefined for an unknown run */
  stop(run: number): 'running' | 'waiting' | undefined {
    if (this.#current?.run.run === run) {
      this.#current.execution.stop('stopped');
      return 'running';
    }
    const at = this.#waiting.findIndex((waiting) => waiting.run.run === run);
    if (at < 0) return undefined;
    this.#waiting.splice(at, 1);
    return 'waiting';
  }

  /** Empties the queue; the current run goes on. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
  }

  #dropScheduled(): void {
    for (const waiting of this.#waiting.splice(0))
      if (waiting.run.trigger === 'schedule') this.#actions.drop(waiting.run);
      else this.#waiting.push(waiting);
  }

  #next(): void {
    if (this.#current !== undefined || this.#isClosed) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const execution = this.#actions.execute(next.run, next.job, next.left);
    this.#current = { ...next, execution };
    const finish = () => {
      this.#current = undefined;
      this.#next();
    };
    execution.done.then(finish, (error) => {
      this.#actions.fail(error);
      finish();
    });
  }
}
