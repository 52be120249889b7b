/** Runs by number, newest first, a page at a time. */

import type { LedgerFile } from './ledger-file.ts';
import type { LedgerReader } from './reader.ts';
import type { Run, State, Trigger } from './records.ts';
import { RUN_COLUMNS, type RunColumns, toRun } from './rows.ts';

/**
 * How many run numbers one query scans. The selection may match few of millions of runs, so the scan is split, and the
 * event loop runs in between.
 */
const SLICE = 10_000;

/** Which runs; undefined or empty means all. */
export interface RunSelection {
  readonly job: string | undefined;
  readonly states: readonly State[];
  readonly triggers: readonly Trigger[];
  /** Of the scheduled time: `from` inclusive, `to` exclusive. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface Page {
  /** Only numbers below this one; undefined for the newest. */
  readonly before: number | undefined;
  readonly limit: number;
}

interface RunPage {
  readonly runs: readonly Run[];
  /** The `before` of the next page; undefined when there is none. */
  readonly next: number | undefined;
}

/** Empty without a ledger. @throws Failure */
export async function listNewestRuns(
  reader: LedgerReader,
  selection: RunSelection,
  { before, limit }: Page,
): Promise<RunPage> {
  const runs: Run[] = [];
  for (let from = before ?? Number.MAX_SAFE_INTEGER; ; ) {
    const page = { before: from, limit: limit - runs.length };
    const slice = await reader.read((file) => readSlice(file, selection, page));
    runs.push(...(slice?.runs ?? []));
    if (slice?.next === undefined || runs.length === limit) return { runs, next: slice?.next };
    from = slice.next;
  }
}

/** The newest runs of a job before this number. @throws the library's error */
export function readRunsOf(file: LedgerFile, job: string, { before, limit }: Page): RunPage {
  const rows = file
    .sql(`SELECT ${RUN_COLUMNS} FROM run WHERE job = ? AND run.run < ? ORDER BY run.run DESC LIMIT ?`)
    .all(job, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
  return pageOf(rows, limit, undefined);
}

/** Scans one slice of the runs below `before`. Exported for the test of its query plans. */
export function readSlice(
  file: LedgerFile,
  selection: RunSelection,
  { before, limit }: { before: number; limit: number },
): RunPage {
  const { newest, oldest } = boundsOf(file, before);
  if (newest === undefined) return { runs: [], next: undefined };
  const from = newest - SLICE + 1;
  const { conditions, values } = conditionsOf(selection);
  const rows = file
    .sql(
      `SELECT ${RUN_COLUMNS} FROM run
       WHERE ${['run.run < ? AND run.run >= ?', ...conditions].join(' AND ')} ORDER BY run.run DESC LIMIT ?`,
    )
    .all(before, from, ...values, limit + 1);
  return pageOf(rows, limit, from > oldest ? from : undefined);
}

/** The numbers of the newest run below `before` and of the oldest run. */
function boundsOf({ sql }: LedgerFile, before: number): { newest: number | undefined; oldest: number } {
  const newest = sql('SELECT max(run) AS run FROM run WHERE run < ?').get(before).run;
  const oldest = sql('SELECT min(run) AS run FROM run').get().run;
  return { newest: newest ?? undefined, oldest: oldest ?? 0 };
}

function conditionsOf({ job, states, triggers, from, to }: RunSelection) {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...more: readonly (string | number)[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  const marks = (words: readonly string[]) => words.map(() => '?').join(', ');
  if (job !== undefined) add('job = ?', job);
  if (states.length > 0) add(`state IN (${marks(states)})`, ...states);
  if (triggers.length > 0) add(`"trigger" IN (${marks(triggers)})`, ...triggers);
  if (from !== undefined) add('scheduled >= ?', from);
  if (to !== undefined) add('scheduled < ?', to);
  return { conditions, values };
}

/** @param rows up to `limit` + 1 of them, to tell whether there are more @param rest the first number not scanned */
function pageOf(rows: readonly RunColumns[], limit: number, rest: number | undefined): RunPage {
  const runs = rows.slice(0, limit).map(toRun);
  return { runs, next: rows.length > limit ? runs.at(-1)?.run : rest };
}
