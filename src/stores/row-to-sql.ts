/** From stats rows to the columns and values of a table in a SQL database, which may have been made by others. */

import { identifier } from '../databases/identifier.ts';
import { BadRows, status } from '../failure.ts';
import { columnNames, columnProblem, type StatsRow } from '../readings/stats-row.ts';
import { checkColumns } from './row-from-sql.ts';

const KEY = ['sensor', 'window', 'end'];

export interface StoredColumn {
  readonly name: string;
  /** Whether a row may leave it empty. */
  readonly optional: boolean;
}

export interface FittedColumns {
  /** The rows' columns, as the table spells them. */
  readonly targets: readonly string[];
  /** The targets that the table lacks. */
  readonly added: readonly string[];
  /** The table's other columns. They become NULL in a row that is replaced, since it is replaced as a whole. */
  readonly erased: readonly string[];
}

/** The names of the rows' columns. @throws BadRows (data) when they cannot be those of a table */
export function columnsOf(rows: readonly StatsRow[]): string[] {
  const columns = columnNames(rows);
  const problem = columnProblem(columns);
  if (problem !== undefined) throw new BadRows(problem, { status: status.data });
  return columns;
}

/** Names that differ only in case are the same. @throws Failure (unavailable) for a table of something else */
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

/** The end of an INSERT, which makes it an upsert. */
export function onConflictClause({ targets, erased }: FittedColumns): string {
  const isKey = (name: string) => KEY.includes(name.toLowerCase());
  const key = targets.filter(isKey).map(identifier);
  const changed = targets.filter((name) => !isKey(name)).map(identifier);
  const changes = changed.map((name) => `${name} = excluded.${name}`);
  const erasures = erased.map((name) => `${identifier(name)} = NULL`);
  return `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${[...changes, ...erasures].join(', ')}`;
}

/** The fields of a row under these columns as SQL values. Empty ones are NULL, except the name of a sensor. */
export function sqlValues(fields: readonly string[], columns: readonly string[]): (string | null)[] {
  return fields.map((text, at) => (text === '' && columns[at] !== 'sensor' ? null : text));
}
