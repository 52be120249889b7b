/** The columns of a Postgres table: their types, and how a table is made, gets more of them, and makes them wider. */

import type { Client } from 'pg';
import { identifier, newPostgresIdentifier } from '../../databases/identifier.ts';
import type { ColumnType } from '../input/column-type.ts';
import type { TableColumn } from '../table.ts';

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

/** What is not here takes text, and Postgres says what it thinks of it. */
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

/** The columns of a table, without those that it computes; undefined when there is none. */
export async function findColumns(client: Client, table: string): Promise<TableColumn[] | undefined> {
  const { rows } = await client.query<{ name: string; type: string }>(COLUMNS, [identifier(table)]);
  if (rows.length === 0) return undefined;
  return rows.map(({ name, type }) => ({ name, type: recognised.get(type) ?? 'text' }));
}

/** @throws Failure (data) for a name that Postgres cannot have */
export function createStatement(
  table: string,
  columns: readonly TableColumn[],
  key: readonly string[],
): string {
  const parts = columns.map(columnText);
  if (key.length > 0) parts.push(`PRIMARY KEY (${key.map(identifier).join(', ')})`);
  return `CREATE TABLE ${newPostgresIdentifier(table)} (${parts.join(', ')})`;
}

export function addStatement(table: string, column: TableColumn): string {
  return `ALTER TABLE ${identifier(table)} ADD COLUMN ${columnText(column)}`;
}

export function widenStatement(table: string, { name, type }: TableColumn, wider: ColumnType): string {
  const column = identifier(name);
  const using = wider === 'text' && type === 'timestamp' ? utcText(column) : `${column}::${declared[wider]}`;
  return `ALTER TABLE ${identifier(table)} ALTER COLUMN ${column} TYPE ${declared[wider]} USING ${using}`;
}

/** RFC 3339, with as many digits as there are. */
function utcText(column: string): string {
  const text = `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  return `regexp_replace(${text}, '\\.?0+$', '') || 'Z'`;
}

function columnText({ name, type }: TableColumn): string {
  return `${newPostgresIdentifier(name)} ${declared[type]}`;
}
