/** Tries of which the runner was killed: whether they had begun, how they ended, and the end of what they have left. */

import { setTimeout as sleep } from 'node:timers/promises';
import { logPath } from '../ledger/log-path.ts';
import type { Run, TryRow } from '../ledger/records.ts';
import { isRunnerLive } from '../ledger/runner-lock.ts';
import type { TryLeft } from './execution.ts';
import { readLogEnd } from './log-end.ts';
import { findTries, processesOf, stopProcesses, type TryProcess, wasStarted } from './orphans.ts';
import type { Policies } from './policies.ts';
import { addToLog } from './try-log.ts';

/** How often the processes of a try that may end by itself are looked for. */
const LOOK_MS = 1000;

/** Where to look for them. */
export interface Search {
  readonly ledgerId: string;
  readonly logFolder: string;
  /** The paths of the locks of runners that do not live any more, and of this one. */
  readonly runners: readonly string[];
  /** Aborted when what is ended gets no more time. */
  readonly insist: AbortSignal;
  /** Aborted when what may end by itself is not waited for any more. */
  readonly leaving?: AbortSignal;
  now(): number;
}

/** The lock of this runner, and those of others of which tries are left: a ledger may have been moved. */
export async function deadRunners(ledgerId: string, own: string): Promise<string[]> {
  const others = new Set(findTries(ledgerId).map(({ runner }) => runner));
  others.delete(own);
  const dead = [own];
  for (const runner of others) if (!(await isRunnerLive(runner))) dead.push(runner);
  return dead;
}

/** The processes of a try that still run. */
export function processesLeft(row: TryRow, { ledgerId, runners }: Search): TryProcess[] {
  return runners.flatMap((runner) => processesOf({ ledgerId, runner }, row));
}

/** Whether its start was written down, its log is there, or processes of it are: a try may remove its own log. */
export function wasBegun(run: Run, row: TryRow, search: Search): boolean {
  if (row.start !== undefined) return true;
  return wasStarted(search, run, row.task, row.number) || processesLeft(row, search).length > 0;
}

/** A try that was begun: its processes are ended, or waited for. */
export function lostTry(
  run: Run,
  row: TryRow,
  { orphans, graceMs }: Pick<Policies, 'orphans' | 'graceMs'>,
  search: Search,
): Extract<TryLeft, { kind: 'lost' }> {
  const path = logPath(search.logFolder, run, row.task, row.number);
  const result = readLogEnd(path);
  if (result !== undefined)
    return { kind: 'lost', number: row.number, result, gone: Promise.resolve(), stop: () => {} };
  const find = () => processesLeft(row, search);
  const stop = () => void endProcesses(find, search, graceMs);
  const gone = async () => {
    if (orphans === 'stop') await endProcesses(find, search, graceMs);
    else if (!(await outlived(row, search))) return;
    addToLog(path, 'failed: lost', search.now());
  };
  return { kind: 'lost', number: row.number, result: undefined, gone: gone(), stop };
}

/** Resolves when there are none, or none that can be ended. */
export async function endProcesses(
  find: () => readonly TryProcess[],
  { insist }: Search,
  graceMs: number,
): Promise<void> {
  await stopProcesses(find, { graceMs, insist });
}

/** @returns whether there are none left: else it is not waited for them any more */
async function outlived(row: TryRow, search: Search): Promise<boolean> {
  const { leaving } = search;
  while (processesLeft(row, search).length > 0) {
    if (leaving?.aborted) return false;
    await sleep(LOOK_MS, undefined, { ...(leaving && { signal: leaving }) }).catch(() => {});
  }
  return true;
}
