/** Converts stats rows to the columns and values of a SQL table, which may have been created by others. */

import { identifier } from '../databases/identifier.ts';
import { BadRows, status } from '../failure.ts';
import { columnNames, columnProblem, type StatsRow } from '../readings/stats-row.ts';
import { checkColumns } from './row-from-sql.ts';

const KEY = ['sensor', 'window', 'end'];

export interface StoredColumn {
  readonly name: string;
  /** Whether a row may leave it NULL. */
  readonly optional: boolean;
}

export interface FittedColumns {
  /** The columns of the rows, in the table's spelling. */
  readonly targets: readonly string[];
  /** The targets missing from the table. */
  readonly added: readonly string[];
  /** The table's other columns. They become NULL in a replaced row, which is replaced as a whole. */
  readonly erased: readonly string[];
}

/** The columns of the rows. @throws BadRows (data) when a table cannot have them */
export function columnsOf(rows: readonly StatsRow[]): string[] {
  const columns = columnNames(rows);
  const problem = columnProblem(columns);
  if (problem !== undefined) throw new BadRows(problem, { status: status.data });
  return columns;
}

/** Ignores case in names. @throws Failure (unavailable) for a table of another kind */
export function fitColumns(table: readonly StoredColumn[], wanted: readonly string[]): FittedColumns {
  const present = new Map(table.map(({ name }) => [name.toLowerCase(), name]));
  checkColumns(table.map(({ name }) => name));
  const targets = wanted.map((name) => present.get(name.toLowerCase()) ?? name);
  const given = new Set(targets);
  const added = wanted.filter((name) => !present.has(name.toLowerCase()));
  return {
    targets,
    added,
    erased: table.filter(({ name, optional }) => optional && !given.has(name)).map(({ name }) => name),
  };
}

/** The clause that makes an INSERT an upsert. */
export function onConflictClause({ targets, erased }: FittedColumns): string {
  const isKey = (name: string) => KEY.includes(name.toLowerCase());
  const key = targets.filter(isKey).map(identifier);
  const changed = targets.filter((name) => !isKey(name)).map(identifier);
  const changes = changed.map((name) => `${name} = excluded.${name}`);
  const erasures = erased.map((name) => `${identifier(name)} = NULL`);
  return `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${[...changes, ...erasures].join(', ')}`;
}

/** The SQL values of a row's fields. Empty fields are NULL, except a sensor's name. */
export function sqlValues(fields: readonly string[], columns: readonly string[]): (string | null)[] {
  return fields.map((text, at) => (text === '' && columns[at] !== 'sensor' ? null : text));
}
