/**
 * Stats rows as a SQLite database has them, and ranges of them by their ends.
 *
 * A range goes by the texts of the ends, which the primary key has in order. Only within a second they are not in the
 * order of their times: `10:00:00.500Z` comes before `10:00:00Z`.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import type { Range } from './reader.ts';
import { type Cells, cellColumns, furtherColumns, rowFromCells } from './row-from-sql.ts';

/** Texts of other years are not in the order of their times. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
/** Up to the second. */
const SECOND = '2026-11-21T10:04:00'.length;

/** More rows than can end in one second. */
const PAGE = 2000;

export interface Table {
  readonly database: DatabaseSyncInstance;
  /** The columns after the usual ones. */
  readonly further: readonly string[];
}

/** The table of rows as it is now; undefined when there is none. */
export function findTable(database: DatabaseSyncInstance): Table | undefined {
  const columns: readonly { readonly name: string }[] = database.prepare('PRAGMA table_info("stats")').all();
  if (columns.length === 0) return undefined;
  return { database, further: furtherColumns(columns.map(({ name }) => name)) };
}

/** The condition on the rows of a range, for the values of `rangeValues`. */
export const IN_RANGE =
  '"sensor" = ? AND "window" = ? AND "end" >= ? AND "end" <> ? AND "end" <= ? AND ("end" < ? OR "end" = ?)';

/** @param after where in the range to begin, as text */
export function rangeValues({ sensor, window, from, to }: Range, after = ''): string[] {
  const [first, last] = [bound(from), bound(to)];
  const begin = after > first.text ? after : first.text;
  return [sensor, window, begin, first.second, last.second || last.text, last.text, last.second];
}

/** Before which text all earlier ends stand; but the end on the second, when the bound is within one. */
function bound(time: number) {
  const known = Math.min(Math.max(time, EARLIEST), LATEST);
  const text = formatTime(known).slice(0, -1);
  return { text, second: text.length === SECOND ? '' : `${text.slice(0, SECOND)}Z` };
}

/** The first rows of a range by their ends, and where the next page begins; undefined after the last one. */
export function readPage(table: Table, range: Range, after: string) {
  const rest = `${IN_RANGE} ORDER BY "end" LIMIT ${PAGE}`;
  const rows = selectRows(table, rest, rangeValues(range, after));
  // The last second may go on on the next page.
  const next = rows.length < PAGE ? undefined : rows.at(-1)?.end.slice(0, SECOND);
  const whole = next === undefined ? rows : rows.filter(({ end }) => !end.startsWith(next));
  return { rows: inOrder(whole), next };
}

/** The first or the last rows of a series, so many of them at most, by their ends. */
export function outermostRows(table: Table, key: readonly string[], side: 'first' | 'last', most: number) {
  const order = side === 'first' ? 'ASC' : 'DESC';
  const rest = `"sensor" = ? AND "window" = ? ORDER BY "end" ${order} LIMIT ${most}`;
  return inOrder(selectRows(table, rest, key));
}

function selectRows({ database, further }: Table, rest: string, values: readonly string[]): StatsRow[] {
  const statement = database.prepare(`SELECT ${cellColumns(further)} FROM "stats" WHERE ${rest}`);
  // A whole number of others may be beyond what a JavaScript number holds.
  statement.setReadBigInts(further.length > 0);
  const rows: readonly Cells[] = statement.all(...values);
  return rows.map((cells) => rowFromCells(cells, further));
}

function inOrder(rows: StatsRow[]): StatsRow[] {
  const time = ({ end }: StatsRow) => end.slice(0, -1);
  return rows.sort((a, b) => (time(a) < time(b) ? -1 : 1));
}
