/** From the cells of a table in a SQL database to stats rows. */

import { identifier } from '../databases/identifier.ts';
import { type StatsRow, statsColumns } from '../readings/stats-row.ts';
import { formatDecimal, parseDecimal } from '../stats/decimal.ts';

export type Cells = Readonly<Record<string, unknown>>;

const usual: readonly string[] = statsColumns.map(({ name }) => name);

/** Of these columns of a table those after the usual ones. */
export function furtherColumns(names: readonly string[]): string[] {
  return names.filter((name) => !usual.includes(name.toLowerCase()));
}

/** What to select for `rowFromCells`. */
export function cellColumns(further: readonly string[]): string {
  return [...usual.map((name) => `"${name}" AS "${name}"`), ...further.map(identifier)].join(', ');
}

/** The row of these cells. */
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
  const decimal = parseDecimal(text);
  return decimal === undefined ? text : formatDecimal(decimal);
}
