/**
 * The processes of tries, found by variables in their environment: a PID alone proves nothing, since PIDs are reused.
 *
 * A process that is meant to outlive its job starts without these variables, and is left alone.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../../async/clock.ts';
import { logPath, type RunPlace } from '../../ledger/log-path.ts';
import { allPids, environmentOf, statOf } from './processes.ts';
import { isLogWith, logMark } from './try-log.ts';

/** How often to check on processes that got TERM. */
const LOOK_MS = 50;
/** How long a scan of all processes is reused. */
const FRESH_MS = 20;
/** How long after KILL to give up on a process. */
const LAST_MS = 3000;
/** Time between TERM and KILL for processes left when all tries have ended. */
const LAST_GRACE_MS = 2000;

/** A process of a try. */
export interface TryProcess {
  readonly pid: number;
  readonly ledgerId: string;
  readonly group: number;
  readonly run: number;
  readonly task: string;
  readonly number: number;
  /** Path of the lock that its runner holds while it lives. */
  readonly runner: string;
}

/** Which try a process belongs to. */
export type TryKey = Pick<TryProcess, 'run' | 'task' | 'number'>;

/** The runner of tries. The ledger alone is not enough: a copy with the same ID and run numbers may be in use. */
export interface Owner {
  readonly ledgerId: string;
  /** The path of its lock. */
  readonly runner: string;
}

/** The last scan of all processes. */
let seen:
  | { readonly ledgerId: string; readonly at: number; readonly found: readonly TryProcess[] }
  | undefined;

/** The live processes of all tries of a ledger, including orphans, as of a few milliseconds ago. */
export function findTries(ledgerId: string): readonly TryProcess[] {
  const at = elapsedMs();
  // Many tries may be stopped at once.
  if (seen?.ledgerId === ledgerId && at - seen.at < FRESH_MS) return seen.found;
  const found = allPids().flatMap((pid) => tryOf(pid, ledgerId));
  seen = { ledgerId, at: elapsedMs(), found };
  return found;
}

function tryOf(pid: number, ledgerId: string): TryProcess | [] {
  const environment = pid === process.pid ? [] : environmentOf(pid);
  const run = Number(variable(environment, 'ETL_RUN'));
  if (!environment.includes(markOf(ledgerId)) || !(run > 0)) return [];
  const stat = statOf(pid);
  if (stat === undefined || stat.state === 'Z') return [];
  const task = Buffer.from(variable(environment, 'ETL_TASK'), 'latin1').toString();
  const number = Number(variable(environment, 'ETL_TRY'));
  const runner = Buffer.from(variable(environment, 'ETL_RUNNER'), 'latin1').toString();
  return { pid, ledgerId, group: stat.group, run, task, number, runner };
}

function markOf(ledgerId: string): string {
  return `ETL_LEDGER_ID=${ledgerId}`;
}

function variable(environment: readonly string[], name: string): string {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** The live processes of one runner's tries. */
export function findTriesOf(ledgerId: string, runner: string): readonly TryProcess[] {
  return findTries(ledgerId).filter((found) => found.runner === runner);
}

/** The live processes of one try. */
export function processesOf({ ledgerId, runner }: Owner, { run, task, number }: TryKey): TryProcess[] {
  return findTriesOf(ledgerId, runner).filter(
    (found) => found.run === run && found.task === task && found.number === number,
  );
}

/** Whether a try was started: its log is created before its process. */
export function wasStarted(
  { logFolder, ledgerId }: { readonly logFolder: string; readonly ledgerId: string },
  run: RunPlace,
  task: string,
  number: number,
): boolean {
  return isLogWith(logPath(logFolder, run, task, number), logMark(ledgerId));
}

interface StopOptions {
  /** From TERM to KILL. */
  readonly graceMs: number;
  /** Ends the grace when aborted. */
  readonly insist?: AbortSignal;
  /** PIDs that already got TERM. */
  readonly asked?: Set<number>;
}

/**
 * Stops processes: TERM once to each, KILL after the grace.
 *
 * @param find the processes that are left; called until there are none, since they may fork
 * @returns those that could not be stopped
 */
export async function stopProcesses(
  find: () => readonly TryProcess[],
  { graceMs, insist, asked = new Set() }: StopOptions,
): Promise<readonly TryProcess[]> {
  let left = find();
  // The grace begins after the scan, which may take a while: nothing gets KILL that never got TERM.
  let killAt = elapsedMs() + graceMs;
  for (; ; left = find()) {
    const now = elapsedMs();
    if (insist?.aborted) killAt = Math.min(killAt, now);
    if (left.length === 0 || now > killAt + LAST_MS) return left;
    for (const found of left) {
      if (now >= killAt) signalTry(found, 'SIGKILL');
      else if (!asked.has(found.pid)) signalTry(found, 'SIGTERM');
      asked.add(found.pid);
    }
    await sleep(LOOK_MS);
  }
}

/** Stops what a runner's tries left behind. @param insist ends the grace when aborted */
export async function stopTriesOf({ ledgerId, runner }: Owner, insist: AbortSignal): Promise<void> {
  await stopProcesses(() => findTriesOf(ledgerId, runner), { graceMs: LAST_GRACE_MS, insist });
}

/** Signals a process if it still belongs to a try: its PID may have been reused. */
export function signalTry({ pid, ledgerId }: TryProcess, name: NodeJS.Signals): void {
  if (environmentOf(pid).includes(markOf(ledgerId))) signal(pid, name);
}

/** @param pid negative for a process group */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already, or runs as another user.
  }
}
