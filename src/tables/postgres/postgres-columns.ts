/** The columns of a Postgres table: their types, and the DDL to create a table, add columns and widen them. */

import type { Client } from 'pg';
import { identifier, newPostgresIdentifier } from '../../databases/identifier.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';

const COLUMNS = `
SELECT attname AS name, format_type(atttypid, NULL) AS type, format_type(atttypid, -1) AS cast,
  col_description(attrelid, attnum) AS comment FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;

const declared: Readonly<Record<ColumnType, string>> = {
  empty: 'TEXT',
  integer: 'BIGINT',
  long: 'BIGINT',
  decimal: 'NUMERIC',
  timestamp: 'TIMESTAMPTZ',
  boolean: 'BOOLEAN',
  text: 'TEXT',
  verbatim: 'TEXT',
};

/** Column comments distinguish empty columns and inferred text from declared text: all of them are TEXT. */
const comments: Partial<Record<ColumnType, string>> = {
  empty: 'load-rows: no value yet, of any type',
  text: 'load-rows: numbers without last zeros, times in UTC',
};

/** Columns of other types receive text, which Postgres converts or refuses. */
const recognised: ReadonlyMap<string, ColumnType> = new Map([
  ['smallint', 'integer'],
  ['integer', 'integer'],
  ['bigint', 'integer'],
  ['numeric', 'decimal'],
  ['real', 'decimal'],
  ['double precision', 'decimal'],
  ['timestamp with time zone', 'timestamp'],
  ['boolean', 'boolean'],
]);

/** A column of a Postgres table. */
interface PostgresColumn extends TableColumn {
  /** The type name for a cast that does not truncate or round. */
  readonly cast: string;
  /** Null for no comment. */
  readonly comment: string | null;
}

const foundTypes = ['empty', 'text'] as const;

type StoredColumn = Record<'name' | 'type' | 'cast', string> & { readonly comment: string | null };

/** The columns of a table, without generated ones; undefined if it does not exist. */
export async function findColumns(client: Client, table: string): Promise<PostgresColumn[] | undefined> {
  const { rows } = await client.query<StoredColumn>(COLUMNS, [identifier(table)]);
  if (rows.length === 0) return undefined;
  return rows.map(({ name, type, cast, comment }) => {
    const found = type === 'text' ? foundTypes.find((each) => comments[each] === comment) : undefined;
    return { name, type: found ?? recognised.get(type) ?? 'verbatim', cast, comment };
  });
}

/** CREATE TABLE. @param key column names; empty for none @throws Failure (data) for a name that is too long */
export function createStatement(
  table: string,
  columns: readonly TableColumn[],
  key: readonly string[],
): string {
  const parts = columns.map(columnText);
  if (key.length > 0) parts.push(`PRIMARY KEY (${key.map(identifier).join(', ')})`);
  return `CREATE TABLE ${newPostgresIdentifier(table)} (${parts.join(', ')})`;
}

/** ALTER TABLE that adds a column. @throws Failure (data) for a name that is too long */
export function addStatement(table: string, column: TableColumn): string {
  return `ALTER TABLE ${identifier(table)} ADD COLUMN ${columnText(column)}`;
}

/** ALTER TABLE that widens a column, and converts its values. */
export function widenStatement(table: string, { name, type }: TableColumn, wider: ColumnType): string {
  const column = identifier(name);
  const using =
    wider === 'text' || wider === 'verbatim' ? textOf(column, type) : `${column}::${declared[wider]}`;
  return `ALTER TABLE ${identifier(table)} ALTER COLUMN ${column} TYPE ${declared[wider]} USING ${using}`;
}

/** The statement that updates the comment of a column whose type has changed; undefined if it needs no change. */
export function commentStatement(
  table: string,
  { name, type }: TableColumn,
  before: string | null,
): string | undefined {
  const comment = comments[type] ?? null;
  const isOurs = before === null || Object.values(comments).includes(before);
  if (comment === before || !isOurs) return undefined;
  const text = comment === null ? 'NULL' : `'${comment}'`;
  return `COMMENT ON COLUMN ${identifier(table)}.${identifier(name)} IS ${text}`;
}

/** The values of a column as text, spelled as if the column had always been text. */
function textOf(column: string, type: ColumnType): string {
  if (type === 'decimal') {
    const digits = `${column}::NUMERIC::TEXT`;
    return `CASE WHEN strpos(${digits}, '.') > 0 THEN rtrim(rtrim(${digits}, '0'), '.') ELSE ${digits} END`;
  }
  if (type !== 'timestamp') return `${column}::TEXT`;
  const text = `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  // Six fractional digits, three, or none.
  return `regexp_replace(regexp_replace(${text}, '000$', ''), '[.]000$', '') || 'Z'`;
}

function columnText({ name, type }: TableColumn): string {
  return `${newPostgresIdentifier(name)} ${declared[type]}`;
}
