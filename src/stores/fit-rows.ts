/** Rows that a store can take without more columns than it may have. */

import { BadRows, failureAt, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import {
  columnNames,
  MOST_COLUMNS,
  type StatsRow,
  statsColumns,
  tooManyColumns,
} from '../readings/stats-row.ts';
import type { Refused } from './store.ts';

interface StoreColumns {
  /** For messages. */
  readonly address: string;
  readonly columns: readonly string[];
  /** Whether names that differ only in case are one column; else the store cannot have both. */
  readonly foldsCase: boolean;
}

interface FittingRows {
  readonly fitting: readonly StatsRow[];
  readonly refused: readonly Refused[];
}

/** Divides rows into those that fit, with all that came before them, and those whose columns do not. */
export function fitRows(store: StoreColumns, rows: readonly StatsRow[]): FittingRows {
  const own = statsColumns.map(({ name }) => name);
  const names = new Map([...own, ...store.columns].map((name) => [name.toLowerCase(), name]));
  if (problemOf(columnNames(rows), names, store) === undefined) return { fitting: rows, refused: [] };
  const fitting: StatsRow[] = [];
  const refused: Refused[] = [];
  for (const row of rows) {
    const problem = problemOf(row.extra.keys(), names, store);
    if (problem === undefined) fitting.push(row);
    else {
      const failure = failureAt(store.address, new BadRows(problem, { status: status.data }));
      if (failure instanceof BadRows) refused.push({ row, failure });
    }
  }
  return { fitting, refused };
}

/** The fault of a store with these further columns, too; undefined when it can have them: then they are added. */
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
  if (count > MOST_COLUMNS) return `it would have ${tooManyColumns(count)}`;
  for (const [key, name] of added) names.set(key, name);
  return undefined;
}
