/** Executes a run of a graph for a schedule, while run-tasks may be executing other runs of the same graph. */

import { Bell } from '../../../async/bell.ts';
import { readRunnersOf } from '../../../ledger/read-runs.ts';
import type { Run } from '../../../ledger/records.ts';
import { liveRunners } from '../../../ledger/runner-lock.ts';
import type { Execution, Left, StopReason } from '../../execution.ts';
import type { Job } from '../../jobs/job.ts';
import { patiently } from '../../patiently.ts';
import type { RunWorld } from '../../run-world.ts';
import { executeGraph } from './execute-graph.ts';
import { awaitTurn } from './overlap.ts';

/** As `executeGraph`, but applies the graph's overlap policy to runs of run-tasks. */
export function executeInTurn(run: Run, job: Job, world: RunWorld, left?: Left): Execution {
  const inTurn = new RunInTurn(run, job, world, left);
  return { done: inTurn.all(), stop: (reason) => inTurn.stop(reason) };
}

class RunInTurn {
  readonly #run: Run;
  readonly #job: Job;
  readonly #world: RunWorld;
  readonly #left: Left | undefined;
  readonly #stopped = new Bell();
  #reason: StopReason | undefined;
  #execution: Execution | undefined;

  constructor(run: Run, job: Job, world: RunWorld, left: Left | undefined) {
    this.#run = run;
    this.#job = job;
    this.#world = world;
    this.#left = left;
  }

  stop(reason: 'killed' | 'stopped'): void {
    this.#reason ??= reason;
    this.#stopped.ring();
    this.#execution?.stop(reason);
  }

  async all(): Promise<void> {
    const { ledger, stopping } = this.#world;
    const other = await patiently(
      () => this.#turn(),
      this.#world,
      this.#stopped,
      () => this.#isOver,
    );
    // The run is left to the next schedule.
    if (stopping.aborted) return;
    if (this.#reason !== undefined || other !== undefined) {
      const reason = this.#reason === 'stopped' ? 'stopped' : 'overlap';
      return ledger.changeRun(this.#run.run, { state: 'skipped', reason });
    }
    this.#execution = executeGraph(this.#run, this.#job, this.#world, this.#left);
    await this.#execution.done;
  }

  get #isOver(): boolean {
    return this.#reason !== undefined;
  }

  /** @returns the run of a run-tasks because of which this one is skipped */
  async #turn(): Promise<Run | undefined> {
    const { ledger, stopping, now } = this.#world;
    const { name } = this.#job;
    const runners = () => ledger.read((file) => readRunnersOf(file, name));
    // A run-tasks that starts from now on sees this run, and applies the policy itself.
    if ((await runners()).length === 0) return undefined;
    // As in the queue of a job, a catch-up run or a resumed run always waits.
    const isDue = this.#run.trigger === 'schedule' && this.#left === undefined;
    return awaitTurn(this.#run, {
      ...{ ledger, who: 'schedule', signal: stopping, now },
      overlap: isDue ? this.#job.policies.overlap : 'wait',
      isOver: () => this.#isOver,
      blocking: async () => {
        const live = await liveRunners(await runners());
        return ({ runner, state, trigger }) =>
          runner !== undefined && live.has(runner) && state !== 'queued' && trigger !== 'backfill';
      },
    });
  }
}
