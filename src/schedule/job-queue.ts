/**
 * The runs of one job: one at a time, in order. The policy `overlap` says what happens to a run that falls due meanwhile.
 * Made-up runs, and those that people ask for, wait for their turn.
 */

import type { Run, Trigger } from '../ledger/records.ts';
import type { Execution, Left } from './execution.ts';
import type { Job } from './jobs/job.ts';

interface Line {
  execute(run: Run, job: Job, left?: Left): Execution;
  /** Called with a waiting run that is no longer needed. */
  drop(run: Run): void;
  /** Called with what `done` was rejected with. */
  fail(error: unknown): void;
}

interface Waiting {
  readonly run: Run;
  readonly job: Job;
  readonly left: Left | undefined;
}

export class JobQueue {
  readonly #line: Line;
  #current: (Waiting & { readonly execution: Execution }) | undefined;
  readonly #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(line: Line) {
    this.#line = line;
  }

  get isIdle(): boolean {
    return this.#current === undefined;
  }

  /** Settles when the current run has ended. */
  get done(): Promise<void> {
    return this.#current?.execution.done ?? Promise.resolve();
  }

  /** For each of these runs, which are due at the same moment, whether to execute it: otherwise it overlaps with an earlier one. */
  judge(job: Job, triggers: readonly Trigger[]): boolean[] {
    let waits = this.#waiting.filter(({ run }) => run.trigger === 'schedule').length;
    let isBusy = this.#current !== undefined;
    let hasBacklog = [this.#current, ...this.#waiting].some((one) => one?.run.trigger === 'catchup');
    // A late beat finds several due times, and the job was idle at each.
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

  /** Executes a run after those before it. @param left what an earlier schedule left of it */
  add(run: Run, job: Job, left?: Left): void {
    const isOverlap = this.#current !== undefined && run.trigger === 'schedule';
    if (isOverlap && job.policies.overlap === 'kill' && this.#current?.run.trigger === 'schedule') {
      this.#dropScheduled();
      this.#current.execution.stop('killed');
    }
    this.#waiting.push({ run, job, left });
    this.#next();
  }

  /** Ends a run, or its wait for its turn. @returns which of the two; undefined for a run that is not here */
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

  /** Begins no further run. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
  }

  #dropScheduled(): void {
    for (const waiting of this.#waiting.splice(0))
      if (waiting.run.trigger === 'schedule') this.#line.drop(waiting.run);
      else this.#waiting.push(waiting);
  }

  #next(): void {
    if (this.#current !== undefined || this.#isClosed) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const execution = this.#line.execute(next.run, next.job, next.left);
    this.#current = { ...next, execution };
    const finish = () => {
      this.#current = undefined;
      this.#next();
    };
    execution.done.then(finish, (error) => {
      this.#line.fail(error);
      finish();
    });
  }
}
