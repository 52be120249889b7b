/**
 * The runs of one job: one at a time, in their order. What becomes of a run that is due meanwhile is its policy `overlap`.
 * Runs that are made up, and those that people ask for, wait for their turn.
 */

import type { Run, Trigger } from '../ledger/records.ts';
import type { Execution, Left } from './execution.ts';
import type { Job } from './job.ts';

interface Line {
  execute(run: Run, job: Job, left?: Left): Execution;
  /** Called with a run that waited and is not needed any more. */
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

  /** Settles when the run that is being done now has ended. */
  get done(): Promise<void> {
    return this.#current?.execution.done ?? Promise.resolve();
  }

  /** Whether each of these runs, due at the same moment, is to be done; else it overlaps with one before it. */
  judge(job: Job, triggers: readonly Trigger[]): boolean[] {
    let waits = this.#waiting.filter(({ run }) => run.trigger === 'schedule').length;
    let isBusy = this.#current !== undefined;
    let hasBacklog = [this.#current, ...this.#waiting].some((one) => one?.run.trigger === 'catchup');
    // A beat that came late finds several due times: the job was idle at each.
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

  /** Does a run when those before it are done. @param left by the schedule before, of a run that it had begun */
  add(run: Run, job: Job, left?: Left): void {
    const isOverlap = this.#current !== undefined && run.trigger === 'schedule';
    if (isOverlap && job.policies.overlap === 'kill' && this.#current?.run.trigger === 'schedule') {
      this.#dropScheduled();
      this.#current.execution.stop('killed');
    }
    this.#waiting.push({ run, job, left });
    this.#next();
  }

  /** Ends a run, or the wait for its turn. @returns which of them; undefined when it is not here */
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

  /** Begins no run any more. */
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
