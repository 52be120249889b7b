/** Converts cells of a SQL table to stats rows. */

import { identifier } from '../databases/identifier.ts';
import { Failure, status } from '../failure.ts';
import { MAX_COLUMNS, type StatsRow, statsColumns, tooManyColumns } from '../readings/stats-row.ts';
import { formatDecimal, parseDecimal, STATISTIC_LIMITS } from '../stats/decimal.ts';

/** The values of a row by the names in `cellColumns`. */
export type Cells = Readonly<Record<string, unknown>>;

const statsNames: readonly string[] = statsColumns.map(({ name }) => name);

/** @throws Failure (unavailable) when the table lacks a standard column, or has too many columns */
export function checkColumns(names: readonly string[]): void {
  const present = new Set(names.map((name) => name.toLowerCase()));
  const lacking = statsNames.find((name) => !present.has(name));
  if (lacking !== undefined)
    throw new Failure(status.unavailable, `its table "stats" lacks column "${lacking}"`);
  if (names.length > MAX_COLUMNS)
    throw new Failure(status.unavailable, `its table "stats" has ${tooManyColumns(names.length)}`);
}

/** The additional columns of a table: those that are not standard, ignoring case. */
export function furtherColumns(names: readonly string[]): string[] {
  return names.filter((name) => !statsNames.includes(name.toLowerCase()));
}

/** The column list to select for `rowFromCells`. */
export function cellColumns(further: readonly string[]): string {
  return [...statsNames.map((name) => `"${name}" AS "${name}"`), ...further.map(identifier)].join(', ');
}

/** @param further names of the additional columns */
export function rowFromCells(cells: Cells, further: readonly string[]): StatsRow {
  return {
    sensor: String(cells.sensor),
    window: String(cells.window),
    start: cellText(cells.start),
    end: cellText(cells.end),
    count: Number(cells.count),
    min: cellText(cells.min),
    max: cellText(cells.max),
    avg: cellText(cells.avg),
    extra: further.length === 0 ? none : new Map(further.map((name) => [name, cellText(cells[name])])),
  };
}

const none: ReadonlyMap<string, string> = new Map();

function cellText(cell: unknown): string {
  if (cell === null) return '';
  const text = String(cell);
  if (typeof cell !== 'number' || !text.includes('e')) return text;
  const decimal = parseDecimal(text, STATISTIC_LIMITS);
  return decimal === undefined ? text : formatDecimal(decimal);
}
