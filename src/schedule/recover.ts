/**
 * Takes up what a schedule has left that was killed: its tries are ended or waited for, and count as lost; what it had
 * decided and not begun is begun.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { logPath } from '../ledger/log-path.ts';
import type { Unfinished } from '../ledger/read-runs.ts';
import type { Run, TryRow } from '../ledger/records.ts';
import type { Left } from './execution.ts';
import type { Job } from './job.ts';
import { readLogEnd } from './log-end.ts';
import { processesOf, stopProcesses, wasStarted } from './orphans.ts';
import { addToLog } from './try-log.ts';

/** How often the processes of a try that may end by itself are looked for. */
const LOOK_MS = 1000;

interface Recovery {
  readonly jobs: ReadonlyMap<string, Job>;
  readonly ledgerId: string;
  readonly logFolder: string;
  /** Whether the machine was not started anew: then a try without a log was never started. */
  readonly isSameBoot: boolean;
  /** Aborted when what is ended gets no more time. */
  readonly insist: AbortSignal;
  now(): number;
  /** Goes on with a run. */
  take(run: Run, job: Job, left?: Left): void;
  /** Called with a run whose job is not in the crontab any more. */
  giveUp(run: Run, reason: 'lost' | 'missed'): void;
}

/** @returns when the processes of jobs that are gone have ended */
export async function recover(unfinished: readonly Unfinished[], recovery: Recovery): Promise<void> {
  const gone: Promise<void>[] = [];
  for (const { run, tries } of unfinished) {
    const job = recovery.jobs.get(run.job);
    const last = tries.find(({ state }) => state === 'running');
    const isBegun = last !== undefined && wasBegun(run, last, recovery);
    if (job === undefined) {
      if (isBegun) gone.push(ended(last, recovery, 0));
      recovery.giveUp(run, isBegun ? 'lost' : 'missed');
    } else if (isBegun) recovery.take(run, job, lostTry(run, last, job, recovery));
    // Its try was intended, and is made now.
    else if (last !== undefined) recovery.take({ ...run, tries: last.number - 1 }, job);
    else if (run.retryAt !== undefined) recovery.take(run, job, { kind: 'retry', at: run.retryAt });
    else recovery.take(run, job);
  }
  await Promise.all(gone);
}

/** Whether its log is there, or may have gone: with the power, or by its own hand. */
function wasBegun(run: Run, row: TryRow, recovery: Recovery): boolean {
  if (!recovery.isSameBoot || row.start !== undefined) return true;
  return wasStarted(recovery, run, row.task, row.number) || processesOf(recovery.ledgerId, row).length > 0;
}

function lostTry(run: Run, row: TryRow, { policies }: Job, recovery: Recovery): Left {
  const { orphans, graceMs } = policies;
  const path = logPath(recovery.logFolder, run, row.task, row.number);
  const result = readLogEnd(path);
  if (result !== undefined)
    return { kind: 'lost', number: row.number, result, gone: Promise.resolve(), stop: () => {} };
  const stop = () => void ended(row, recovery, graceMs);
  const gone = async () => {
    await (orphans === 'stop' ? ended(row, recovery, graceMs) : outlived(row, recovery));
    addToLog(path, 'failed: lost', recovery.now());
  };
  return { kind: 'lost', number: row.number, result: undefined, gone: gone(), stop };
}

async function ended(row: TryRow, { ledgerId, insist }: Recovery, graceMs: number): Promise<void> {
  await stopProcesses(() => processesOf(ledgerId, row), { graceMs, insist });
}

async function outlived(row: TryRow, { ledgerId }: Recovery): Promise<void> {
  while (processesOf(ledgerId, row).length > 0) await sleep(LOOK_MS);
}
