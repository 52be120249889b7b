/** The runs that this run-tasks process executes, to stop all of them, or the one that somebody asks to stop. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../failure.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { serveRequestsOf } from '../serve-requests.ts';
import type { GraphExecution } from './execution/execute-graph.ts';

/** Poll interval for requests in the ledger. */
const POLL_MS = 500;

export class RunRegistry {
  readonly #running = new Map<number, GraphExecution>();
  readonly #begun = new Set<number>();
  /** Stopped before they began. */
  readonly #cancelled = new Set<number>();

  /** Whether a run was stopped before it began. */
  isCancelled(run: number): boolean {
    return this.#cancelled.has(run);
  }

  /** Tracks an execution until it ends. */
  async track(run: number, execution: GraphExecution): Promise<void> {
    this.#begun.add(run);
    this.#running.set(run, execution);
    try {
      await execution.done;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Serves requests about these runs until the signal. @param runner the lock of this process */
  async serve(ledger: Ledger, runner: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await serveRequestsOf(runner, { ledger, stop: ({ run }) => this.stop(run) });
      } catch (error) {
        // A request stays open while the ledger cannot be written.
        if (!(error instanceof Failure)) throw error;
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Stops a run, or its wait for its turn. @returns which of the two; undefined if it has just ended */
  stop(run: number): 'running' | 'waiting' | undefined {
    const execution = this.#running.get(run);
    execution?.stop('stopped');
    if (execution !== undefined) return 'running';
    if (this.#begun.has(run)) return undefined;
    this.#cancelled.add(run);
    return 'waiting';
  }

  /** Begins no further tasks in any run; running ones may finish. */
  drainAll(): void {
    for (const execution of this.#running.values()) execution.drain('stopped');
  }

  stopAll(): void {
    for (const execution of this.#running.values()) execution.stop('stopped');
  }
}
