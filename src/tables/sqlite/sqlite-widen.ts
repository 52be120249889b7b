/**
 * Widens columns of a SQLite table, within a transaction.
 *
 * SQLite cannot change the type of a column, so the table is rebuilt. Only tables as load-rows creates them are rebuilt:
 * anything else that was declared would be lost.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';
import { createStatement, findColumns, findKey, isOwn } from './sqlite-columns.ts';
import { PLAIN } from './sqlite-functions.ts';

/** A double holds every integer up to this one. */
const LONG = '999999999999999';

/**
 * Widens columns and converts their values. Keeps indexes, triggers and views.
 *
 * @param wanted new types by column name
 * @throws Failure (unavailable) when load-rows did not create the table
 */
export function widenColumns(
  database: DatabaseSyncInstance,
  table: string,
  wanted: ReadonlyMap<string, ColumnType>,
): void {
  const columns = findColumns(database, table) ?? [];
  const advice = isOwn(database, table, columns)
    ? isReferenced(database, table) && 'other tables refer to it'
    : 'it was not created by load-rows';
  if (advice) throw refusal(table, advice);
  const others = dependents(database, table);
  const next = `${table} (wider)`;
  const widened = columns.map(({ name, type }) => ({ name, type: wanted.get(name) ?? type }));
  const values = columns.map((column) => convertedValue(column, wanted.get(column.name) ?? column.type));
  // Otherwise views of the table would block the rename.
  database.exec('PRAGMA legacy_alter_table = ON');
  database.exec(createStatement(next, widened, findKey(database, table)));
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  database.exec(
    `INSERT INTO main.${identifier(next)} (${names}) SELECT ${values.join(', ')} FROM main.${identifier(table)}`,
  );
  database.exec(`DROP TABLE main.${identifier(table)}`);
  database.exec(`ALTER TABLE main.${identifier(next)} RENAME TO ${identifier(table)}`);
  for (const sql of others) database.exec(sql);
}

function refusal(table: string, reason: string): Failure {
  const message = `table ${quote(table)}: ${reason}, so its columns are not made wider; see --on-mismatch reject`;
  return new Failure(status.unavailable, message);
}

/** Whether foreign keys refer to the table: dropping it would trigger their ON DELETE actions. */
function isReferenced(database: DatabaseSyncInstance, table: string): boolean {
  const sql = `SELECT 1 FROM main.sqlite_schema s, pragma_foreign_key_list(s.name) f
    WHERE s.type = 'table' AND lower(f."table") = lower(?)`;
  return database.prepare(sql).get(table) !== undefined;
}

/** Whether an integer column has a value that a double cannot hold: combined with decimals, it must become text. */
export function holdsLong(database: DatabaseSyncInstance, table: string, name: string): boolean {
  const column = identifier(name);
  const sql = `SELECT 1 FROM main.${identifier(table)} WHERE ${column} NOT BETWEEN -${LONG} AND ${LONG} LIMIT 1`;
  return database.prepare(sql).get() !== undefined;
}

/** The statements of a table's indexes and triggers, which are dropped with it. */
function dependents(database: DatabaseSyncInstance, table: string): string[] {
  const rows: readonly { readonly sql: string }[] = database
    .prepare(
      `SELECT sql FROM main.sqlite_schema WHERE type IN ('index', 'trigger') AND lower(tbl_name) = lower(?) AND sql IS NOT NULL`,
    )
    .all(table);
  return rows.map(({ sql }) => sql);
}

function convertedValue({ name, type }: TableColumn, wider: ColumnType): string {
  const column = identifier(name);
  if (type === wider || (wider !== 'text' && wider !== 'verbatim')) return column;
  if (type === 'boolean') return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE ${column} END`;
  if (type === 'decimal') return `${PLAIN}(${column})`;
  return type === 'integer' ? `CAST(${column} AS TEXT)` : column;
}
