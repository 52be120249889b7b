/** Tries whose runner was killed: whether they had started, how they ended, and how their orphans are stopped. */

import { setTimeout as sleep } from 'node:timers/promises';
import { logPath } from '../ledger/log-path.ts';
import type { Run, TryRow } from '../ledger/records.ts';
import { isRunnerLive } from '../ledger/runner-lock.ts';
import type { TryLeft } from './execution.ts';
import type { Policies } from './jobs/policies.ts';
import { readLogEnd } from './tries/log-end.ts';
import { findTries, processesOf, stopProcesses, type TryProcess, wasStarted } from './tries/orphans.ts';
import { addToLog } from './tries/try-log.ts';

/** How often to check on orphans that may end by themselves. */
const LOOK_MS = 1000;

/** Where to look for such tries, and how long to wait for them. */
export interface Search {
  readonly ledgerId: string;
  readonly logFolder: string;
  /** Paths of the locks of dead runners, and of this one. */
  readonly runners: readonly string[];
  /** Aborted to kill processes without further grace. */
  readonly insist: AbortSignal;
  /** Aborted to stop waiting for processes that may end by themselves. */
  readonly leaving?: AbortSignal;
  now(): number;
}

/** The locks of this runner, and of dead runners with surviving processes: a ledger may have been moved since. */
export async function deadRunners(ledgerId: string, own: string): Promise<string[]> {
  const others = new Set(findTries(ledgerId).map(({ runner }) => runner));
  others.delete(own);
  const dead = [own];
  for (const runner of others) if (!(await isRunnerLive(runner))) dead.push(runner);
  return dead;
}

/** The surviving processes of a try. */
export function processesLeft(row: TryRow, { ledgerId, runners }: Search): TryProcess[] {
  return runners.flatMap((runner) => processesOf({ ledgerId, runner }, row));
}

/** Whether a try was started: its start is recorded, or its log or a process exists. A try may remove its own log. */
export function wasBegun(run: Run, row: TryRow, search: Search): boolean {
  if (row.start !== undefined) return true;
  return wasStarted(search, run, row.task, row.number) || processesLeft(row, search).length > 0;
}

/** A try that was started. Its processes are stopped or waited for, by policy. */
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

/** Stops processes; resolves when none is left that can be stopped. */
export async function endProcesses(
  find: () => readonly TryProcess[],
  { insist }: Search,
  graceMs: number,
): Promise<void> {
  await stopProcesses(find, { graceMs, insist });
}

/** Waits for a try's processes. @returns whether all are gone; false if the wait was given up */
async function outlived(row: TryRow, search: Search): Promise<boolean> {
  const { leaving } = search;
  while (processesLeft(row, search).length > 0) {
    if (leaving?.aborted) return false;
    await sleep(LOOK_MS, undefined, { ...(leaving && { signal: leaving }) }).catch(() => {});
  }
  return true;
}
