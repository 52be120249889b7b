/**
 * Stats rows in a SQLite database, and ranges of them by their ends.
 *
 * A range compares the ends as text, in which the primary key is sorted. Only within a second that is not the order of
 * time: `10:00:00.500Z` sorts before `10:00:00Z`.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { Failure, status } from '../failure.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import type { Range, SeriesKey } from './reader.ts';
import { type Cells, cellColumns, checkColumns, furtherColumns, rowFromCells } from './row-from-sql.ts';

/** Outside these years the order of the texts is not that of the times. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
/** The length of a time up to its second. */
const SECOND_LENGTH = '2026-11-21T10:04:00'.length;

/** Rows per page: more than can end in one second. */
const PAGE = 2000;

export interface Table {
  readonly database: DatabaseSyncInstance;
  /** The names of further columns. */
  readonly further: readonly string[];
  /** A name of the rowid in SQL that no column has; undefined without rowids. */
  readonly rowid: string | undefined;
}

const ROWIDS = ['rowid', '_rowid_', 'oid'];

/**
 * The table as it is now; undefined when there is none. A view or a virtual table is none: it computes its rows, and may
 * never end.
 *
 * @throws Failure (unavailable) for something else of this name, and for a table that lacks a column
 */
export function findTable(database: DatabaseSyncInstance): Table | undefined {
  const found: { readonly type: string; readonly wr: number } | undefined = database
    .prepare('PRAGMA main.table_list("stats")')
    .get();
  if (found === undefined) return undefined;
  if (found.type !== 'table') throw new Failure(status.unavailable, `"stats" is not a table: ${found.type}`);
  const columns: readonly { readonly name: string; readonly hidden: number }[] = database
    .prepare('PRAGMA main.table_xinfo("stats")')
    .all();
  const stored = columns.filter(({ hidden }) => hidden === 0).map(({ name }) => name);
  checkColumns(stored);
  const taken = columns.map(({ name }) => name.toLowerCase());
  return {
    database,
    further: furtherColumns(stored),
    rowid: found.wr === 0 ? ROWIDS.find((name) => !taken.includes(name)) : undefined,
  };
}

/** The condition that selects the rows of a range, for the values of `rangeValues`. */
export const IN_RANGE =
  '"sensor" = ? AND "window" = ? AND "end" >= ? AND "end" <> ? AND "end" <= ? AND ("end" < ? OR "end" = ?)';

/** @param after a text of an end at which to begin within the range */
export function rangeValues({ sensor, window, from, to }: Range, after = ''): string[] {
  const [first, last] = [bound(from), bound(to)];
  const begin = after > first.text ? after : first.text;
  return [sensor, window, begin, first.second, last.second || last.text, last.text, last.second];
}

/** The text before which all earlier ends sort, and the one exception: the end on the second, when the bound is within it. */
function bound(time: number) {
  const known = Math.min(Math.max(time, EARLIEST), LATEST);
  const text = formatTime(known).slice(0, -1);
  return { text, second: text.length === SECOND_LENGTH ? '' : `${text.slice(0, SECOND_LENGTH)}Z` };
}

/** A page of a range, by ends. @param after where it begins @returns its rows, and where the next page begins, if any */
export function readPage(table: Table, range: Range, after: string) {
  const rows = rowSelector(table, `${IN_RANGE} ORDER BY "end" LIMIT ${PAGE}`)(rangeValues(range, after));
  // The last second may continue on the next page.
  const next = rows.length < PAGE ? undefined : rows.at(-1)?.end.slice(0, SECOND_LENGTH);
  const whole = next === undefined ? rows : rows.filter(({ end }) => !end.startsWith(next));
  return { rows: inOrder(whole), next };
}

/** @returns what finds at most `most` ends at the beginning or the end of a series, in the order of time */
export function outermostEnds({ database }: Table, side: 'first' | 'last', most: number) {
  const order = side === 'first' ? 'ASC' : 'DESC';
  const statement = database.prepare(
    `SELECT "end" AS "end" FROM "stats" WHERE "sensor" = ? AND "window" = ? ORDER BY "end" ${order} LIMIT ${most}`,
  );
  return ({ sensor, window }: SeriesKey): string[] => {
    const rows: readonly { readonly end: unknown }[] = statement.all(sensor, window);
    return rows.map(({ end }) => String(end)).sort(byTime);
  };
}

/** @returns what finds the row of a key; undefined when it has just gone */
export function rowFinder(table: Table) {
  const select = rowSelector(table, '"sensor" = ? AND "window" = ? AND "end" = ?');
  return ({ sensor, window }: SeriesKey, end: string): StatsRow | undefined =>
    select([sensor, window, end])[0];
}

function rowSelector({ database, further }: Table, rest: string): (values: readonly string[]) => StatsRow[] {
  const statement = database.prepare(`SELECT ${cellColumns(further)} FROM "stats" WHERE ${rest}`);
  // A whole number in a further column may be too large for a JavaScript number.
  statement.setReadBigInts(further.length > 0);
  return (values) => {
    const rows: readonly Cells[] = statement.all(...values);
    return rows.map((cells) => rowFromCells(cells, further));
  };
}

function inOrder(rows: StatsRow[]): StatsRow[] {
  return rows.sort((a, b) => byTime(a.end, b.end));
}

function byTime(a: string, b: string): number {
  return a.slice(0, -1) < b.slice(0, -1) ? -1 : 1;
}
