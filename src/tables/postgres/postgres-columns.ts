/** The columns of a Postgres table: their types, and the statements that create a table, add columns and widen them. */

import type { Client } from 'pg';
import { identifier, newPostgresIdentifier } from '../../databases/identifier.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';

const COLUMNS = `
SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;

const declared: Readonly<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  long: 'BIGINT',
  decimal: 'NUMERIC',
  timestamp: 'TIMESTAMPTZ',
  boolean: 'BOOLEAN',
  text: 'TEXT',
};

/** A column of another type gets text, which Postgres converts or refuses. */
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

/** The columns of a table, except computed ones; undefined when there is no such table. */
export async function findColumns(client: Client, table: string): Promise<TableColumn[] | undefined> {
  const { rows } = await client.query<{ name: string; type: string }>(COLUMNS, [identifier(table)]);
  if (rows.length === 0) return undefined;
  return rows.map(({ name, type }) => ({ name, type: recognised.get(type) ?? 'text' }));
}

/** CREATE TABLE. @param key names of columns; empty for none @throws Failure (data) for a name that is too long */
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

/** ALTER TABLE that gives a column a wider type, and converts its values. */
export function widenStatement(table: string, { name, type }: TableColumn, wider: ColumnType): string {
  const column = identifier(name);
  const using = wider === 'text' && type === 'timestamp' ? utcText(column) : `${column}::${declared[wider]}`;
  return `ALTER TABLE ${identifier(table)} ALTER COLUMN ${column} TYPE ${declared[wider]} USING ${using}`;
}

/** RFC 3339 with the digits of the fraction that are not zero. */
function utcText(column: string): string {
  const text = `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  return `regexp_replace(${text}, '\\.?0+$', '') || 'Z'`;
}

function columnText({ name, type }: TableColumn): string {
  return `${newPostgresIdentifier(name)} ${declared[type]}`;
}
