/** The columns of a SQLite table: their types, and the DDL to create a table and add columns. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';

/**
 * SQLite has no native timestamps or booleans: they are stored as text, and as 1 and 0. A default without effect
 * distinguishes empty columns and inferred text from declared ones.
 */
const declared: Readonly<Record<ColumnType, string>> = {
  empty: 'DEFAULT NULL',
  integer: 'INTEGER',
  long: 'INTEGER',
  decimal: 'REAL',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  text: 'TEXT DEFAULT NULL',
  verbatim: 'TEXT',
};

/** Types by a part of the declared type's name; the first match wins, as in SQLite itself. */
const recognised: readonly (readonly [RegExp, ColumnType])[] = [
  [/INT/i, 'integer'],
  [/CHAR|CLOB|TEXT/i, 'verbatim'],
  [/REAL|FLOA|DOUB|NUMERIC|DECIMAL/i, 'decimal'],
  [/BOOL/i, 'boolean'],
  [/TIMESTAMP|DATETIME/i, 'timestamp'],
];

interface StoredColumn {
  readonly name: string;
  readonly type: string;
  /** SQL; null for no default. */
  readonly dflt_value: string | null;
  /** Position in the primary key, from 1; 0 if it is not part of it. */
  readonly pk: number;
  /** Non-zero for a generated column. */
  readonly hidden: number;
}

/** The columns of a table, without generated ones; undefined if it does not exist. */
export function findColumns(database: DatabaseSyncInstance, table: string): TableColumn[] | undefined {
  const stored = storedColumns(database, table);
  if (stored.length === 0) return undefined;
  const visible = stored.filter(({ hidden }) => hidden === 0);
  const own = visible.map(ownColumn);
  return isOwn(database, table, own) ? own : visible.map(foreignColumn);
}

/** Whether load-rows created the table, and its definition is unchanged. */
export function isOwn(
  database: DatabaseSyncInstance,
  table: string,
  columns: readonly TableColumn[],
): boolean {
  const stored: unknown = database
    .prepare(`SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)`)
    .get(table)?.sql;
  // SQLite appends added columns to the definition, without line breaks.
  const own = createStatement(table, columns, findKey(database, table));
  return typeof stored === 'string' && normal(stored) === normal(own);
}

/** A statement without spaces around commas and before its end. */
function normal(sql: string): string {
  const text = sql
    .split(',')
    .map((part) => part.trim())
    .join(',');
  return text.endsWith(')') ? `${text.slice(0, -1).trimEnd()})` : text;
}

function ownColumn({ name, type, dflt_value }: StoredColumn): TableColumn {
  if (dflt_value !== 'NULL') return { name, type: recognise(type) };
  return { name, type: type === '' ? 'empty' : 'text' };
}

function foreignColumn({ name, type }: StoredColumn): TableColumn {
  return { name, type: recognise(type) };
}

/** The primary key columns, in order; empty for none. */
export function findKey(database: DatabaseSyncInstance, table: string): string[] {
  const parts = storedColumns(database, table).filter(({ pk }) => pk > 0);
  return parts.sort((one, other) => one.pk - other.pk).map(({ name }) => name);
}

function storedColumns(database: DatabaseSyncInstance, table: string): StoredColumn[] {
  return database.prepare(`PRAGMA main.table_xinfo(${identifier(table)})`).all();
}

function recognise(declaredType: string): ColumnType {
  return recognised.find(([part]) => part.test(declaredType))?.[1] ?? 'verbatim';
}

/** CREATE TABLE. @param key column names; empty for none */
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
