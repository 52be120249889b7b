/** What has not come to its end, to tell which runs may have changed since the last look. */

import type { LedgerFile } from './ledger-file.ts';

export interface OpenRuns {
  /** The name of the ledger: another one may have taken its place. */
  readonly ledger: string;
  /** The number of the newest run; 0 before the first. */
  readonly newest: number;
  /** Those that are queued, running and up for retry. */
  readonly runs: readonly number[];
}

/** @throws the library's error */
export function readOpenRuns({ sql }: LedgerFile): OpenRuns {
  const { name } = sql('SELECT name FROM ledger').get();
  const { newest } = sql('SELECT max(run) AS newest FROM run').get();
  const runs = sql(`SELECT run FROM run WHERE state IN ('queued', 'running', 'up_for_retry')`).all();
  return { ledger: name, newest: newest ?? 0, runs: runs.map(({ run }) => run) };
}
