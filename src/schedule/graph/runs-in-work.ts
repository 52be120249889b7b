/** The runs of one run-tasks, so that all of them can be ended, or one that somebody wants stopped. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../failure.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { serveRequestsOf } from '../serve-requests.ts';
import type { GraphExecution } from './execution/execute-graph.ts';

/** How often it is looked whether somebody asks for something. */
const LOOK_MS = 500;

export class RunsInWork {
  readonly #running = new Map<number, GraphExecution>();
  readonly #begun = new Set<number>();
  /** Those that were stopped before they had begun. */
  readonly #unwanted = new Set<number>();

  /** Whether it is not to begin. */
  isUnwanted(run: number): boolean {
    return this.#unwanted.has(run);
  }

  /** Does a run to its end. */
  async do(run: number, execution: GraphExecution): Promise<void> {
    this.#begun.add(run);
    this.#running.set(run, execution);
    try {
      await execution.done;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Does what people ask about them, until the signal. @param runner the lock of this run-tasks */
  async serve(ledger: Ledger, runner: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await serveRequestsOf(runner, { ledger, stop: ({ run }) => this.stop(run) });
      } catch (error) {
        // Who asks hears nothing while the ledger cannot be written.
        if (!(error instanceof Failure)) throw error;
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Ends a run, or the wait for its turn. @returns which of them; undefined when it has just ended */
  stop(run: number): 'running' | 'waiting' | undefined {
    const execution = this.#running.get(run);
    execution?.stop('stopped');
    if (execution !== undefined) return 'running';
    if (this.#begun.has(run)) return undefined;
    this.#unwanted.add(run);
    return 'waiting';
  }

  /** Begins nothing more in any of them; what runs may end by itself. */
  drainAll(): void {
    for (const execution of this.#running.values()) execution.drain('stopped');
  }

  stopAll(): void {
    for (const execution of this.#running.values()) execution.stop('stopped');
  }
}
