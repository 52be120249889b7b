/** Mutual exclusion among the runs of one job, which a schedule and several run-tasks may execute. */

import type { LedgerFile } from './ledger-file.ts';
import { readUnfinishedOf } from './read-runs.ts';
import type { Run } from './records.ts';

/**
 * Marks a queued run as running, unless another unfinished run of its job blocks it.
 *
 * @param isBlocking whether an unfinished run of the same job must end first
 * @returns the first blocking run, in which case nothing is changed; undefined otherwise
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
