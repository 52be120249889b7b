/** Checks the health of a job, for a monitor. */

import { Failure, status } from '../failure.ts';
import { showDuration } from '../readings/duration.ts';
import { formatTime } from '../readings/time.ts';
import { type LastResults, readLastResults } from './history.ts';
import { readJobs } from './jobs.ts';
import type { LedgerFile } from './ledger-file.ts';
import { type Lost, readLostFailures } from './lost.ts';

/** Clock skew to tolerate: a success further in the future says nothing about now. */
const AHEAD_MS = 60_000;

export interface Check {
  readonly job: string;
  /** The maximum age of the last success; undefined: the last run to end must have succeeded. */
  readonly withinMs: number | undefined;
  readonly now: number;
  readonly lost: Lost;
}

/** @returns a line that says all is well, or a Failure: breach, or unknown when it cannot be told */
export function checkJob(file: LedgerFile, { job, withinMs, now, lost }: Check): string | Failure {
  const known = readJobs(file).some(({ name, gone }) => name === job && gone === undefined);
  if (!known) return new Failure(status.unknown, `${job}: no such job`);
  const { success, last: ended } = readLastResults(file, job);
  const lostRun = readLostFailures(file, job, lost).at(-1);
  const last = (lostRun?.run ?? 0) > (ended?.run ?? 0) ? lostRun : ended;
  const at = success === undefined ? 'never' : formatTime(success);
  if (success !== undefined && success - now > AHEAD_MS)
    return new Failure(status.unknown, `${job}: the last success is in the future, ${at}: a clock is wrong`);
  if (withinMs !== undefined && (success === undefined || now - success > withinMs))
    return new Failure(
      status.breach,
      `${job}: no success within ${showDuration(withinMs)}; last success: ${at}`,
    );
  if (withinMs === undefined && last?.state !== 'success') return failed(job, last, at);
  return `${job}: last success: ${at}\n`;
}

function failed(job: string, last: LastResults['last'], at: string): Failure {
  if (last === undefined) return new Failure(status.unknown, `${job}: no run has ended yet`);
  const why = last.reason === undefined ? '' : `: ${last.reason}`;
  return new Failure(status.breach, `${job}: run ${last.run} failed${why}; last success: ${at}`);
}
