/** Whose turn it is among the runs of one job, which several processes may do: a schedule, and many a run-tasks. */

import type { LedgerFile } from './ledger-file.ts';
import { readUnfinishedOf } from './read-runs.ts';
import type { Run } from './records.ts';

/**
 * Makes a run the one of its job that is being done.
 *
 * @param isBlocking of an unfinished one of the same job: whether it is to end before
 * @returns the first that is: then nothing is changed
 */
export function takeTurn(
  file: LedgerFile,
  { run, job }: Run,
  isBlocking: (other: Run) => boolean,
): Run | undefined {
  const other = readUnfinishedOf(file, job).find((one) => one.run !== run && isBlocking(one));
  if (other === undefined)
    file.sql(`UPDATE run SET state = 'running' WHERE run = ? AND state = 'queued'`).run(run);
  return other;
}
