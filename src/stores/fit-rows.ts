/** Selects the rows that a store can hold: within its limits on columns and numbers. */

import { BadRows, failureAt, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import {
  columnNames,
  MAX_COLUMNS,
  type StatsRow,
  statsColumns,
  tooManyColumns,
} from '../readings/stats-row.ts';
import type { Refused } from './store.ts';

/** A number with no more digits is always finite as a double. */
const LONGEST_FINITE = 308;

interface StoreColumns {
  /** For messages. */
  readonly address: string;
  readonly columns: readonly string[];
  /** Whether names that differ only in case are the same column; otherwise they conflict. */
  readonly foldsCase: boolean;
  /** Whether numbers are doubles, whose maximum has 309 digits; otherwise their size is unlimited. */
  readonly hasDoubles?: boolean;
}

interface FittingRows {
  readonly fitting: readonly StatsRow[];
  readonly refused: readonly Refused[];
}

/** Separates rows that fit, together with all earlier ones, from rows whose columns or numbers do not. */
export function fitRows(store: StoreColumns, rows: readonly StatsRow[]): FittingRows {
  const own = statsColumns.map(({ name }) => name);
  const names = new Map([...own, ...store.columns].map((name) => [name.toLowerCase(), name]));
  const { hasDoubles = false } = store;
  const areSmall = !hasDoubles || !rows.some((row) => tooLarge(row) !== undefined);
  if (areSmall && problemOf(columnNames(rows), names, store) === undefined)
    return { fitting: rows, refused: [] };
  const fitting: StatsRow[] = [];
  const refused: Refused[] = [];
  for (const row of rows) {
    const problem = (hasDoubles ? tooLarge(row) : undefined) ?? problemOf(row.extra.keys(), names, store);
    if (problem === undefined) fitting.push(row);
    else {
      const failure = failureAt(store.address, new BadRows(problem, { status: status.data }));
      if (failure instanceof BadRows) refused.push({ row, failure });
    }
  }
  return { fitting, refused };
}

/** The first number of a row that would become infinite, in words; undefined when there is none. */
function tooLarge({ min, max, avg, extra }: StatsRow): string | undefined {
  const name = isInfinite(min) ? 'min' : isInfinite(max) ? 'max' : isInfinite(avg) ? 'avg' : undefined;
  const found = name ?? [...extra].find(([, text]) => isInfinite(text))?.[0];
  return found === undefined ? undefined : `${found} is too large for a number in the database`;
}

function isInfinite(text: string): boolean {
  if (text.length <= LONGEST_FINITE && !/e\+?\d{3}/i.test(text)) return false;
  return /^\s*[+-]?\.?\d/.test(text) && Math.abs(Number(text)) === Number.POSITIVE_INFINITY;
}

/** Why the store cannot have these additional columns; undefined when it can: then adds them to `names`. */
function problemOf(
  further: Iterable<string>,
  names: Map<string, string>,
  { foldsCase }: StoreColumns,
): string | undefined {
  const added = new Map<string, string>();
  for (const name of further) {
    const key = name.toLowerCase();
    const known = names.get(key) ?? added.get(key);
    if (known === undefined) added.set(key, name);
    else if (known !== name && !foldsCase)
      return `columns ${quote(known)} and ${quote(name)} have the same name`;
  }
  const count = names.size + added.size;
  if (count > MAX_COLUMNS) return `it would have ${tooManyColumns(count)}`;
  for (const [key, name] of added) names.set(key, name);
  return undefined;
}
