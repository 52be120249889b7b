/** Does a run of a graph for a schedule, which may not be the only one that does runs of it: people have run-tasks. */

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

/** As `executeGraph`, when no run-tasks does another run of the graph, or instead of it: its policy says that. */
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
    // It waits for the next schedule.
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

  /** @returns the run of a run-tasks for the sake of which it is skipped */
  async #turn(): Promise<Run | undefined> {
    const { ledger, stopping, now } = this.#world;
    const { name } = this.#job;
    const runners = () => ledger.read((file) => readRunnersOf(file, name));
    // What a run-tasks begins from now on sees this one.
    if ((await runners()).length === 0) return undefined;
    // As in the queue of a job: what is made up, or was begun before, waits.
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
