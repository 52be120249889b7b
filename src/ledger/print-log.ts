/** Prints the log of a try. */

import { existsSync } from 'node:fs';
import { Failure, status } from '../failure.ts';
import { followLog } from './follow-log.ts';
import { logFolderOf, logPath, taskOf } from './log-path.ts';
import type { LedgerReader } from './reader.ts';
import type { TryRow } from './records.ts';
import { type RunDetails, readDetails } from './show-run.ts';

interface Wanted {
  readonly run: number;
  /** By default, see `chosen`. */
  readonly task: string | undefined;
  /** The last try by default. */
  readonly number: number | undefined;
  /** Whether to follow the log until the try has ended. */
  readonly follow: boolean;
}

interface Where {
  readonly reader: LedgerReader;
  /** The path of the ledger. */
  readonly ledger: string;
  readonly signal: AbortSignal;
}

/** @throws Failure (no input) when there is no such run, try or log */
export async function* printLog(wanted: Wanted, where: Where): AsyncGenerator<Buffer> {
  const { reader, ledger, signal } = where;
  const { run, tries } = await detailsOf(wanted.run, reader);
  const one = chosen(tries, wanted);
  const folder = logFolderOf(ledger);
  const path = logPath(folder, run, one.task, one.number);
  if (!existsSync(path))
    throw new Failure(status.noInput, `${path}: no such log: it was pruned, or has not begun`);
  const isComplete = async () => {
    if (!wanted.follow) return true;
    const now = (await detailsOf(wanted.run, reader)).tries.find(
      ({ task, number }) => task === one.task && number === one.number,
    );
    return now?.state !== 'running';
  };
  for await (const { bytes } of followLog(path, { folder, isComplete, signal })) yield bytes;
}

async function detailsOf(run: number, reader: LedgerReader): Promise<RunDetails> {
  const { details } = await reader.get((file) => ({ details: readDetails(file, run) }));
  if (details === undefined) throw new Failure(status.noInput, `no such run: ${run}`);
  return details;
}

/** By default, the last try of the task that failed first; else of a running task; else of the task that ended last. */
function chosen(tries: readonly TryRow[], { run, task, number }: Wanted): TryRow {
  const ofTask = tries.filter((one) => task === undefined || one.task === task || taskOf(one.task) === task);
  const byTime = ofTask.toSorted((a, b) => timeOf(a) - timeOf(b) || a.number - b.number);
  const last = lastOfEach(byTime);
  const found =
    number === undefined
      ? (last.find(({ state }) => state === 'failed') ?? last.find(isRunning) ?? last.at(-1))
      : byTime.find((one) => one.number === number);
  if (found !== undefined) return found;
  const what = [task === undefined ? [] : `task ${task}`, number === undefined ? [] : `try ${number}`].flat();
  throw new Failure(status.noInput, `run ${run} has no ${what.join(', ') || 'try'}`);
}

function isRunning({ state }: TryRow): boolean {
  return state === 'running';
}

/** When it ended; running tries sort last. */
function timeOf({ end }: TryRow): number {
  return end ?? Number.MAX_SAFE_INTEGER;
}

/** The last try of each task. */
function lastOfEach(tries: readonly TryRow[]): TryRow[] {
  const last = new Map<string, TryRow>();
  for (const one of tries) if (one.number >= (last.get(one.task)?.number ?? 0)) last.set(one.task, one);
  return tries.filter((one) => last.get(one.task) === one);
}
