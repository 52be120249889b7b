/** Prints the log of a try. */

import { existsSync } from 'node:fs';
import { Failure, status } from '../failure.ts';
import { followLog } from './follow-log.ts';
import { logFolderOf, logPath } from './log-path.ts';
import type { LedgerReader } from './reader.ts';
import type { TryRow } from './records.ts';
import { type RunDetails, readDetails } from './show-run.ts';

interface Wanted {
  readonly run: number;
  /** That of the last try by default. */
  readonly task: string | undefined;
  /** The last try by default. */
  readonly number: number | undefined;
  /** Whether to go on until the try has ended. */
  readonly follow: boolean;
}

interface Where {
  readonly reader: LedgerReader;
  /** The path of the ledger. */
  readonly ledger: string;
  readonly signal: AbortSignal;
}

/** @throws Failure (no input) when there is none */
export async function* printLog(wanted: Wanted, where: Where): AsyncGenerator<Buffer> {
  const { reader, ledger, signal } = where;
  const { run, tries } = await detailsOf(wanted.run, reader);
  const one = chosen(tries, wanted);
  const path = logPath(logFolderOf(ledger), run, one.task, one.number);
  if (!existsSync(path))
    throw new Failure(status.noInput, `${path}: no such log: it was pruned, or not begun`);
  const isComplete = async () => {
    if (!wanted.follow) return true;
    const now = (await detailsOf(wanted.run, reader)).tries.find(
      ({ task, number }) => task === one.task && number === one.number,
    );
    return now?.state !== 'running';
  };
  for await (const { bytes } of followLog(path, { isComplete, signal })) yield bytes;
}

async function detailsOf(run: number, reader: LedgerReader): Promise<RunDetails> {
  const { details } = await reader.get((file) => ({ details: readDetails(file, run) }));
  if (details === undefined) throw new Failure(status.noInput, `no such run: ${run}`);
  return details;
}

function chosen(tries: readonly TryRow[], { run, task, number }: Wanted): TryRow {
  const ofTask = tries.filter((one) => task === undefined || one.task === task);
  const byNumber = ofTask.toSorted((a, b) => a.number - b.number);
  const found = number === undefined ? byNumber.at(-1) : byNumber.find((one) => one.number === number);
  if (found !== undefined) return found;
  const what = [task === undefined ? [] : `task ${task}`, number === undefined ? [] : `try ${number}`].flat();
  throw new Failure(status.noInput, `run ${run} has no ${what.join(', ') || 'try'}`);
}
