/** What has not come to its end, to tell which runs may have changed since the last look, and so which jobs. */

import type { LedgerFile } from './ledger-file.ts';
import { UNFINISHED } from './rows.ts';

/** More are not named. */
const MOST_NAMED = 1000;

export interface OpenRuns {
  /** The name of the ledger: another one may have taken its place. */
  readonly ledger: string;
  /** The number of the newest run; 0 before the first. */
  readonly newest: number;
  /** How many runs there are, whatever their state. */
  readonly count: number;
  /** Those that are queued, running and up for retry. */
  readonly runs: readonly number[];
  /** The number of the newest request; 0 before the first. */
  readonly asked: number;
  /** Whether that one is still to be answered. */
  readonly isAsked: boolean;
}

/** @throws the library's error */
export function readOpenRuns({ sql }: LedgerFile): OpenRuns {
  const { name } = sql('SELECT name FROM ledger').get();
  const { newest } = sql('SELECT max(run) AS newest FROM run').get();
  // A few milliseconds for a million runs; nothing else tells of those that were removed.
  const { count } = sql('SELECT count(*) AS count FROM run').get();
  const runs = sql(`SELECT run FROM run WHERE ${UNFINISHED}`).all();
  const asked = sql('SELECT id, status FROM request WHERE id = (SELECT max(id) FROM request)').get();
  return {
    ...{ ledger: name, newest: newest ?? 0, count, runs: runs.map(({ run }) => run) },
    ...{ asked: asked?.id ?? 0, isAsked: asked?.status === null },
  };
}

/** Those that may be others than before; null when it is not known which: runs may have been removed, or a job changed. */
export function changedRuns(
  before: OpenRuns | undefined,
  now: OpenRuns | undefined,
): readonly number[] | null {
  if (before === undefined || now === undefined || before.ledger !== now.ledger) return null;
  const added = now.newest - before.newest;
  if (added < 0 || added > MOST_NAMED) return null;
  // Which ones were removed is not known.
  if (now.count !== before.count + added) return null;
  // A run that a person had tried again may have begun and ended since.
  if (now.asked !== before.asked || before.isAsked) return null;
  const news = Array.from({ length: added }, (_, at) => before.newest + 1 + at);
  const runs = new Set([...before.runs, ...now.runs, ...news]);
  return runs.size === 0 || runs.size > MOST_NAMED ? null : [...runs].sort((a, b) => a - b);
}

/** The jobs of these runs, those that are there. @throws the library's error */
export function readJobsOf({ sql }: LedgerFile, runs: readonly number[]): Set<string> {
  const rows = sql('SELECT job FROM run WHERE run IN (SELECT value FROM json_each(?))').all(
    JSON.stringify(runs),
  );
  return new Set(rows.map(({ job }) => job));
}
