/** The columns of a SQLite table: which types they are declared with, and how a table is made and gets more of them. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import type { ColumnType } from '../input/column-type.ts';
import type { TableColumn } from '../table.ts';

/** SQLite has neither times nor truth values of its own: they are text, and 1 and 0. */
const declared: Readonly<Record<ColumnType, string>> = {
  integer: 'INTEGER',
  long: 'INTEGER',
  decimal: 'REAL',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  text: 'TEXT',
};

/** By what a declared type has in its name, the first that fits: SQLite itself goes by that. */
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
  /** Its place in the primary key, from 1; 0 when it is not of it. */
  readonly pk: number;
  /** Not 0 for one that is computed. */
  readonly hidden: number;
}

/** The columns of a table, without those that it computes; undefined when there is none. */
export function findColumns(database: DatabaseSyncInstance, table: string): TableColumn[] | undefined {
  const stored = storedColumns(database, table);
  if (stored.length === 0) return undefined;
  return stored
    .filter(({ hidden }) => hidden === 0)
    .map(({ name, type }) => ({ name, type: recognise(type) }));
}

/** The names of the primary key, in its order. */
export function findKey(database: DatabaseSyncInstance, table: string): string[] {
  const parts = storedColumns(database, table).filter(({ pk }) => pk > 0);
  return parts.sort((one, other) => one.pk - other.pk).map(({ name }) => name);
}

function storedColumns(database: DatabaseSyncInstance, table: string): StoredColumn[] {
  return database.prepare(`PRAGMA main.table_xinfo(${identifier(table)})`).all();
}

function recognise(declaredType: string): ColumnType {
  return recognised.find(([words]) => words.test(declaredType))?.[1] ?? 'text';
}

export function createStatement(
  table: string,
  columns: readonly TableColumn[],
  key: readonly string[],
): string {
  const lines = columns.map((column) => columnText(column) + (key.includes(column.name) ? ' NOT NULL' : ''));
  if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(identifier).join(', ')})`);
  return `CREATE TABLE ${identifier(table)} (\n  ${lines.join(',\n  ')}\n)`;
}

export function addStatement(table: string, column: TableColumn): string {
  return `ALTER TABLE main.${identifier(table)} ADD COLUMN ${columnText(column)}`;
}

function columnText({ name, type }: TableColumn): string {
  return `${identifier(name)} ${declared[type]}`;
}
