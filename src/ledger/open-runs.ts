/** A snapshot of the unfinished runs, to tell which runs, and so which jobs, may have changed since the last one. */

import type { LedgerFile } from './ledger-file.ts';
import { UNFINISHED } from './rows.ts';

/** Above this, changed runs are not listed. */
const MAX_NAMED = 1000;

export interface OpenRuns {
  /** The id of the ledger, which may have been replaced by another. */
  readonly ledger: string;
  /** The number of the newest run; 0 before the first. */
  readonly newest: number;
  /** How many runs there are, whatever their state. */
  readonly count: number;
  /** Numbers of the queued, running and up-for-retry runs. */
  readonly runs: readonly number[];
  /** The number of the newest request; 0 before the first. */
  readonly asked: number;
  /** Whether that request is still unanswered. */
  readonly isAsked: boolean;
}

/** @throws the library's error */
export function readOpenRuns({ sql }: LedgerFile): OpenRuns {
  const { name } = sql('SELECT name FROM ledger').get();
  const { newest } = sql('SELECT max(run) AS newest FROM run').get();
  // A few milliseconds for a million runs; nothing else reveals removed runs.
  const { count } = sql('SELECT count(*) AS count FROM run').get();
  const runs = sql(`SELECT run FROM run WHERE ${UNFINISHED}`).all();
  const asked = sql('SELECT id, status FROM request WHERE id = (SELECT max(id) FROM request)').get();
  return {
    ...{ ledger: name, newest: newest ?? 0, count, runs: runs.map(({ run }) => run) },
    ...{ asked: asked?.id ?? 0, isAsked: asked?.status === null },
  };
}

/** Numbers of the runs that may have changed; null when unknown: runs may have been removed, or a job changed. */
export function changedRuns(
  before: OpenRuns | undefined,
  now: OpenRuns | undefined,
): readonly number[] | null {
  if (before === undefined || now === undefined || before.ledger !== now.ledger) return null;
  const added = now.newest - before.newest;
  if (added < 0 || added > MAX_NAMED) return null;
  // Runs were removed; which ones is unknown.
  if (now.count !== before.count + added) return null;
  // A run that a person retried may have started and ended since.
  if (now.asked !== before.asked || before.isAsked) return null;
  const news = Array.from({ length: added }, (_, at) => before.newest + 1 + at);
  const runs = new Set([...before.runs, ...now.runs, ...news]);
  return runs.size === 0 || runs.size > MAX_NAMED ? null : [...runs].sort((a, b) => a - b);
}

/** The jobs of those of these runs that exist. @throws the library's error */
export function readJobsOf({ sql }: LedgerFile, runs: readonly number[]): Set<string> {
  const rows = sql('SELECT job FROM run WHERE run IN (SELECT value FROM json_each(?))').all(
    JSON.stringify(runs),
  );
  return new Set(rows.map(({ job }) => job));
}
