/**
 * Applies the overlap policy of a graph between processes: a run of run-tasks or of the schedule may meet another run of the
 * same graph. A backfill overlaps freely: it waits for no run, and none waits for it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../../ledger/ledger.ts';
import type { Run } from '../../../ledger/records.ts';
import { addRequest } from '../../../ledger/requests.ts';
import { takeTurn } from '../../../ledger/turns.ts';
import type { Policies } from '../../jobs/policies.ts';

const POLL_MS = 200;

export interface Turn {
  readonly ledger: Ledger;
  readonly overlap: Policies['overlap'];
  /** Who asks the other process to stop its run. */
  readonly who: 'run-tasks' | 'schedule';
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Whether to stop waiting for another reason. */
  isOver?(): boolean;
  /** @returns whether an unfinished run of the graph is active, or has an earlier turn @throws Failure of the ledger */
  blocking(): Promise<(other: Run) => boolean>;
  now(): number;
}

/**
 * Waits until no other run of the graph is active, and marks this one as active in the same transaction.
 *
 * @returns the active run, under `overlap: skip`; undefined once the run has its turn, or the wait is over
 * @throws Failure of the ledger
 */
export async function awaitTurn(run: Run, turn: Turn): Promise<Run | undefined> {
  const { ledger, overlap, signal, isOver = () => false } = turn;
  const asked = new Set<number>();
  while (!signal.aborted && !isOver()) {
    const isBlocking = await turn.blocking();
    const other = await ledger.write((file) => takeTurn(file, run, isBlocking));
    if (other === undefined || overlap === 'skip') return other;
    if (overlap === 'kill' && !asked.has(other.run)) await askToEnd(other, turn);
    asked.add(other.run);
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

/** Asks for a run to be stopped. The answer is not awaited: the end of the run shows in the ledger. */
async function askToEnd({ run }: Run, { ledger, who, now }: Turn): Promise<void> {
  const nothing = { job: undefined, task: undefined, at: undefined, env: {} };
  await ledger.write((file) => addRequest(file, { verb: 'stop', run, ...nothing, who }, now()));
}
