/**
 * Queries ranges of stats rows in SQLite by their ends.
 *
 * Ends are compared as text, in the order of the primary key. Within a second this differs from time order:
 * `10:00:00.500Z` sorts before `10:00:00Z`.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { Failure, status } from '../failure.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import type { Range, SeriesKey } from './reader.ts';
import { type Cells, cellColumns, checkColumns, furtherColumns, rowFromCells } from './row-from-sql.ts';

/** Outside these years, text order is not time order. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
/** Length of a time up to the seconds. */
const SECOND_LENGTH = '2026-11-21T10:04:00'.length;

/** Rows per page: more than can end in one second. */
const PAGE = 2000;

export interface Table {
  readonly database: DatabaseSyncInstance;
  /** The names of the additional columns. */
  readonly further: readonly string[];
  /** A name for the rowid that no column shadows; undefined without rowids. */
  readonly rowid: string | undefined;
}

const ROWIDS = ['rowid', '_rowid_', 'oid'];

/**
 * The current table; undefined when there is none. Rejects views and virtual tables: their rows are computed, possibly
 * without end.
 *
 * @throws Failure (unavailable) for anything else of this name, and for a table that lacks a column
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

/** The condition for the rows of a range, with the values of `rangeValues`. */
export const IN_RANGE =
  '"sensor" = ? AND "window" = ? AND "end" >= ? AND "end" <> ? AND "end" <= ? AND ("end" < ? OR "end" = ?)';

/** @param after the text of an end within the range to start at */
export function rangeValues({ sensor, window, from, to }: Range, after = ''): string[] {
  const [first, last] = [bound(from), bound(to)];
  const begin = after > first.text ? after : first.text;
  return [sensor, window, begin, first.second, last.second || last.text, last.text, last.second];
}

/** The text that sorts after all earlier ends, except one: the end on the whole second, for a bound within it. */
function bound(time: number) {
  const known = Math.min(Math.max(time, EARLIEST), LATEST);
  const text = formatTime(known).slice(0, -1);
  return { text, second: text.length === SECOND_LENGTH ? '' : `${text.slice(0, SECOND_LENGTH)}Z` };
}

/**
 * A page of a range, ordered by end. @param after its start @returns its rows, and the start of the next page, if any
 */
export function readPage(table: Table, range: Range, after: string) {
  const rows = rowSelector(table, `${IN_RANGE} ORDER BY "end" LIMIT ${PAGE}`)(rangeValues(range, after));
  // The last second may continue on the next page.
  const next = rows.length < PAGE ? undefined : rows.at(-1)?.end.slice(0, SECOND_LENGTH);
  const whole = next === undefined ? rows : rows.filter(({ end }) => !end.startsWith(next));
  return { rows: inOrder(whole), next };
}

/** @returns a function that finds the first or last ends of a series, at most `most`, in time order */
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

/** @returns a function that finds the row of a key; undefined when it was just removed */
export function rowFinder(table: Table) {
  const select = rowSelector(table, '"sensor" = ? AND "window" = ? AND "end" = ?');
  return ({ sensor, window }: SeriesKey, end: string): StatsRow | undefined =>
    select([sensor, window, end])[0];
}

function rowSelector({ database, further }: Table, rest: string): (values: readonly string[]) => StatsRow[] {
  const statement = database.prepare(`SELECT ${cellColumns(further)} FROM "stats" WHERE ${rest}`);
  // An integer in an additional column may exceed the safe range.
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
