/**
 * What becomes of a run of a graph while another process does another run of the same graph, a run-tasks or the schedule: the
 * policy of the graph says it. A backfill goes on beside others, and others beside it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../../ledger/ledger.ts';
import type { Run } from '../../../ledger/records.ts';
import { addRequest } from '../../../ledger/requests.ts';
import { takeTurn } from '../../../ledger/turns.ts';
import type { Policies } from '../../jobs/policies.ts';

const LOOK_MS = 200;

export interface Turn {
  readonly ledger: Ledger;
  readonly overlap: Policies['overlap'];
  /** Who asks others to end theirs. */
  readonly who: 'run-tasks' | 'schedule';
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Whether the wait is over for another reason. */
  isOver?(): boolean;
  /** Which unfinished runs of the graph are being done, or are going to be before this one. @throws Failure of the ledger */
  blocking(): Promise<(other: Run) => boolean>;
  now(): number;
}

/**
 * Waits until no other run of the graph is being done; then it is this one, for all who look.
 *
 * @returns the one that is being done when this is not to wait for it; undefined when it is its turn, or the wait is over
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
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

/** Who does it answers when it is ended: that is seen then. */
async function askToEnd({ run }: Run, { ledger, who, now }: Turn): Promise<void> {
  const nothing = { job: undefined, task: undefined, at: undefined, env: {} };
  await ledger.write((file) => addRequest(file, { verb: 'stop', run, ...nothing, who }, now()));
}
