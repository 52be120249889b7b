/** The columns of a SQLite table: their types, and the statements that create a table and add columns. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';

/** SQLite has neither times nor truth values of its own: they are text, and 1 and 0. */
const declared: Readonly<Record<ColumnType, string>> = {
  integer: 'INTEGER',
  long: 'INTEGER',
  decimal: 'REAL',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  text: 'TEXT',
};

/** Types by a part of the declared type's name; the first match counts, as it does for SQLite itself. */
const recognised: readonly (readonly [RegExp, ColumnType])[] = [
  [/INT/i, 'integer'],
  [/CHAR|CLOB|TEXT/i, 'text'],
  [/REAL|FLOA|DOUB|NUMERIC|DECIMAL/i, 'decimal'],
  [/BOOL/i, 'boolean'],
  [/TIMESTAMP|DATETIME/i, 'timestamp'],
];

interface StoredColumn {
  readonly name: string;
  readonly type: string;
  /** Its number in the primary key, from 1; 0 when it is not in it. */
  readonly pk: number;
  /** Not 0 for a computed column. */
  readonly hidden: number;
}

/** The columns of a table, except computed ones; undefined when there is no such table. */
export function findColumns(database: DatabaseSyncInstance, table: string): TableColumn[] | undefined {
  const stored = storedColumns(database, table);
  if (stored.length === 0) return undefined;
  return stored
    .filter(({ hidden }) => hidden === 0)
    .map(({ name, type }) => ({ name, type: recognise(type) }));
}

/** Column names of the primary key, in its order; empty without one. */
export function findKey(database: DatabaseSyncInstance, table: string): string[] {
  const parts = storedColumns(database, table).filter(({ pk }) => pk > 0);
  return parts.sort((one, other) => one.pk - other.pk).map(({ name }) => name);
}

function storedColumns(database: DatabaseSyncInstance, table: string): StoredColumn[] {
  return database.prepare(`PRAGMA main.table_xinfo(${identifier(table)})`).all();
}

function recognise(declaredType: string): ColumnType {
  return recognised.find(([part]) => part.test(declaredType))?.[1] ?? 'text';
}

/** CREATE TABLE. @param key names of columns; empty for none */
export function createStatement(
  table: string,
  columns: readonly TableColumn[],
  key: readonly string[],
): string {
  const lines = columns.map((column) => columnText(column) + (key.includes(column.name) ? ' NOT NULL' : ''));
  if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(identifier).join(', ')})`);
  return `CREATE TABLE ${identifier(table)} (\n  ${lines.join(',\n  ')}\n)`;
}

/** ALTER TABLE that adds a column. */
export function addStatement(table: string, column: TableColumn): string {
  return `ALTER TABLE main.${identifier(table)} ADD COLUMN ${columnText(column)}`;
}

function columnText({ name, type }: TableColumn): string {
  return `${identifier(name)} ${declared[type]}`;
}
