/** What becomes of a run by hand while another one of the same graph is being done: the policy of the graph says it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, status } from '../../failure.ts';
import { askSchedule } from '../../ledger/ask-schedule.ts';
import type { Run } from '../../ledger/records.ts';
import { type OwnRuns, runsAtWork } from './own-runs.ts';

const LOOK_MS = 200;
/** How long the schedule, or a run-tasks, has to answer that it stops a run. */
const ANSWER_MS = 10_000;

interface Waiting {
  readonly signal: AbortSignal;
  /** Whether somebody has stopped it, and written that down. */
  isUnwanted(): boolean;
}

/**
 * Waits until no run before this one is being done, or somebody has stopped it.
 *
 * @returns false after a signal
 * @throws Failure (temporary) when it is not to wait: then it is written down as skipped
 */
export async function awaitTurn(run: Run, own: OwnRuns, { signal, isUnwanted }: Waiting): Promise<boolean> {
  const { ledger, job } = own;
  const { overlap } = job.policies;
  const stopped = new Set<number>();
  for (;;) {
    const [before] = (await runsAtWork(own)).filter((one) => one.run < run.run);
    if (before === undefined || isUnwanted()) return true;
    if (signal.aborted) {
      ledger.changeRun(run.run, { state: 'skipped', reason: 'stopped' });
      return false;
    }
    if (overlap === 'skip') {
      ledger.changeRun(run.run, { state: 'skipped', reason: 'overlap' });
      throw new Failure(status.temporary, `${job.name}: run ${before.run} is being done (overlap: skip)`);
    }
    if (overlap === 'kill' && !stopped.has(before.run)) await stop(before, own, signal);
    stopped.add(before.run);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Asks who does it to end it. */
async function stop({ run }: Run, { ledger, path, search }: OwnRuns, signal: AbortSignal): Promise<void> {
  const nothing = { job: undefined, task: undefined, at: undefined, env: {} };
  const request = { verb: 'stop', run, ...nothing, who: 'run-tasks' } as const;
  try {
    await askSchedule(ledger, request, { name: path, waitMs: ANSWER_MS, signal, now: search.now() });
  } catch (error) {
    // It may have ended meanwhile.
    if (!(error instanceof Failure)) throw error;
  }
}
