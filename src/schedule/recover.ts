/**
 * Takes up what a schedule has left that was killed: its tries are ended or waited for, and count as lost; what it had
 * decided and not begun is begun.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { logPath } from '../ledger/log-path.ts';
import type { Unfinished } from '../ledger/read-runs.ts';
import type { NextState, Run, TryRow } from '../ledger/records.ts';
import { isHeld } from '../ledger/schedule-lock.ts';
import type { Left } from './execution.ts';
import { isOfNow } from './is-of-now.ts';
import type { Job } from './job.ts';
import { readLogEnd } from './log-end.ts';
import {
  findTries,
  findTriesOf,
  processesOf,
  stopProcesses,
  type TryProcess,
  wasStarted,
} from './orphans.ts';
import { DEFAULT_POLICIES } from './policies.ts';
import { addToLog } from './try-log.ts';

/** How often the processes of a try that may end by itself are looked for. */
const LOOK_MS = 1000;
const LOST: NextState = { state: 'failed', reason: 'lost' };

export interface Recovery {
  readonly jobs: ReadonlyMap<string, Job>;
  readonly ledgerId: string;
  readonly logFolder: string;
  /** The paths of the locks of runners that do not live any more, and of this one. */
  readonly runners: readonly string[];
  /** Aborted when what is ended gets no more time. */
  readonly insist: AbortSignal;
  now(): number;
  /** Goes on with a run. */
  take(run: Run, job: Job, left?: Left): void;
  /** Called with a run whose job is not in the crontab any more. */
  giveUp(run: Run, next: NextState): void;
}

/** @returns when the processes have ended that belong to no job and to no run any more */
export async function recover(unfinished: readonly Unfinished[], recovery: Recovery): Promise<void> {
  const ends = [leftBehind(unfinished, recovery)];
  const found = unfinished.map(({ run, tries }) => ({
    run: asOfNow(run, recovery),
    ...lastOf(run, tries, recovery),
  }));
  // What may be running comes first: what else its job has to do waits for it.
  for (const { run, lost } of found) if (lost !== undefined) ends.push(takeLost(run, lost, recovery));
  for (const { run, lost, intended } of found) if (lost === undefined) takeWaiting(run, intended, recovery);
  await Promise.all(ends);
}

/** Its time may have passed meanwhile. */
function asOfNow(run: Run, { jobs, now }: Recovery): Run {
  const job = jobs.get(run.job);
  return job === undefined ? run : { ...run, isOfNow: isOfNow(run, job, now()) };
}

/** The try of a run that was begun, and may still be running, or that was intended and not begun. */
function lastOf(
  run: Run,
  tries: readonly TryRow[],
  recovery: Recovery,
): { lost?: TryRow; intended?: TryRow } {
  const last = tries.find(({ state }) => state === 'running');
  if (last === undefined) return {};
  return wasBegun(run, last, recovery) ? { lost: last } : { intended: last };
}

async function takeLost(run: Run, lost: TryRow, recovery: Recovery): Promise<void> {
  const job = recovery.jobs.get(run.job);
  if (job !== undefined) return recovery.take(run, job, lostTry(run, lost, job, recovery));
  const { state, reason } = readLogEnd(logPath(recovery.logFolder, run, lost.task, lost.number)) ?? LOST;
  recovery.giveUp(run, { state, reason });
  await ended(() => triesOf(recovery, lost), recovery, DEFAULT_POLICIES.graceMs);
}

function takeWaiting(run: Run, intended: TryRow | undefined, { jobs, take, giveUp }: Recovery): void {
  const job = jobs.get(run.job);
  if (job === undefined) giveUp(run, { state: 'skipped', reason: 'missed' });
  // Its try is made now.
  else if (intended !== undefined) take({ ...run, tries: intended.number - 1 }, job);
  else if (run.retryAt !== undefined) take(run, job, { kind: 'retry', at: run.retryAt });
  else take(run, job);
}

/** The lock of this runner, and those of others of which tries are left: a ledger may have been moved. */
export async function deadRunners(ledgerId: string, own: string): Promise<string[]> {
  const others = new Set(findTries(ledgerId).map(({ runner }) => runner));
  others.delete(own);
  const dead = [own];
  // What cannot be looked at may live.
  for (const runner of others) if (!(await isHeld(runner).catch(() => true))) dead.push(runner);
  return dead;
}

function triesOf({ ledgerId, runners }: Recovery, row: TryRow): TryProcess[] {
  return runners.flatMap((runner) => processesOf({ ledgerId, runner }, row));
}

/** Ends what tries have left that had ended themselves, and hooks. */
async function leftBehind(unfinished: readonly Unfinished[], recovery: Recovery): Promise<void> {
  const all = () => recovery.runners.flatMap((runner) => findTriesOf(recovery.ledgerId, runner));
  const runs = new Set(unfinished.map(({ run }) => run.run));
  const left = all().filter(({ run }) => !runs.has(run));
  const isLeft = ({ run, number }: TryProcess) =>
    left.some((one) => one.run === run && one.number === number);
  const find = () => (left.length === 0 ? [] : all().filter(isLeft));
  await ended(find, recovery, DEFAULT_POLICIES.graceMs);
}

/** Whether its start was written down, its log is there, or processes of it are: a try may remove its own log. */
function wasBegun(run: Run, row: TryRow, recovery: Recovery): boolean {
  if (row.start !== undefined) return true;
  return wasStarted(recovery, run, row.task, row.number) || triesOf(recovery, row).length > 0;
}

function lostTry(run: Run, row: TryRow, { policies }: Job, recovery: Recovery): Left {
  const { orphans, graceMs } = policies;
  const path = logPath(recovery.logFolder, run, row.task, row.number);
  const result = readLogEnd(path);
  if (result !== undefined)
    return { kind: 'lost', number: row.number, result, gone: Promise.resolve(), stop: () => {} };
  const find = () => triesOf(recovery, row);
  const stop = () => void ended(find, recovery, graceMs);
  const gone = async () => {
    await (orphans === 'stop' ? ended(find, recovery, graceMs) : outlived(row, recovery));
    addToLog(path, 'failed: lost', recovery.now());
  };
  return { kind: 'lost', number: row.number, result: undefined, gone: gone(), stop };
}

async function ended(
  find: () => readonly TryProcess[],
  { insist }: Recovery,
  graceMs: number,
): Promise<void> {
  await stopProcesses(find, { graceMs, insist });
}

async function outlived(row: TryRow, recovery: Recovery): Promise<void> {
  while (triesOf(recovery, row).length > 0) await sleep(LOOK_MS);
}
