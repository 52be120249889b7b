/** What becomes of a run by hand while another one of the same graph is being done: the policy of the graph says it. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, status } from '../../failure.ts';
import { askSchedule } from '../../ledger/ask-schedule.ts';
import type { Run } from '../../ledger/records.ts';
import { type OwnRuns, runsAtWork } from './own-runs.ts';

const LOOK_MS = 200;
/** How long a schedule has to answer that it stops a run. */
const ANSWER_MS = 10_000;

/**
 * Waits until no run before this one is being done.
 *
 * @returns whether it may begin: false after a signal
 * @throws Failure (temporary) when it is not to wait: then it is written down as skipped
 */
export async function awaitTurn(run: Run, own: OwnRuns, signal: AbortSignal): Promise<boolean> {
  const { ledger, job, search } = own;
  const { overlap } = job.policies;
  const stopped = new Set<number>();
  for (;;) {
    const [before] = (await runsAtWork(own)).filter((one) => one.run < run.run);
    if (before === undefined) return true;
    if (overlap === 'skip' || signal.aborted) {
      ledger.changeRun(run.run, { state: 'skipped', reason: signal.aborted ? 'stopped' : 'overlap' });
      if (signal.aborted) return false;
      throw new Failure(status.temporary, `${job.name}: run ${before.run} is being done (overlap: skip)`);
    }
    if (overlap === 'kill' && !stopped.has(before.run)) await stop(before, own, search.now());
    stopped.add(before.run);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Asks who does it to end it. */
async function stop({ run, runner }: Run, { ledger, path }: OwnRuns, now: number): Promise<void> {
  if (runner !== undefined) return signalHolder(runner);
  const request = {
    verb: 'stop',
    run,
    job: undefined,
    task: undefined,
    at: undefined,
    env: {},
    who: 'run-tasks',
  } as const;
  const never = new AbortController().signal;
  try {
    await askSchedule(ledger, request, { name: path, waitMs: ANSWER_MS, signal: never, now });
  } catch (error) {
    // It may have ended meanwhile.
    if (!(error instanceof Failure)) throw error;
  }
}

/** The lock of a run-tasks says which process it is, and is held as long as that lives. */
function signalHolder(runner: string): void {
  try {
    const [, pid] = /^pid (\d+) /.exec(readFileSync(runner, 'utf8')) ?? [];
    if (pid !== undefined) process.kill(Number(pid), 'SIGTERM');
  } catch {
    // It has ended.
  }
}
