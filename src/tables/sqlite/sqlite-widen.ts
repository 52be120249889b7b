/**
 * Gives columns of a SQLite table wider types, within a transaction.
 *
 * SQLite cannot change the type of a column, so the table is written anew. Only a table as load-rows creates it is: what
 * else is declared with another table would be lost.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';
import { createStatement, findColumns, findKey } from './sqlite-columns.ts';

/** A double holds every whole number up to this one. */
const LONG = '999999999999999';

interface Change {
  readonly column: TableColumn;
  /** Its new type. */
  readonly type: ColumnType;
}

/**
 * Widens columns, converts their values, and keeps indexes, triggers and views.
 *
 * @param wanted new types by the names of columns; whole numbers that no double holds become text instead of decimals
 * @throws Failure (unavailable) when load-rows has not created the table
 */
export function widenColumns(
  database: DatabaseSyncInstance,
  table: string,
  wanted: ReadonlyMap<string, ColumnType>,
): void {
  const columns = findColumns(database, table) ?? [];
  const key = findKey(database, table);
  checkOwn(database, table, createStatement(table, columns, key));
  const changes = columns.map((column) => changeOf(database, table, column, wanted.get(column.name)));
  const others = dependents(database, table);
  const next = `${table} (wider)`;
  const widened = changes.map(({ column: { name }, type }) => ({ name, type }));
  // Without this, views of the table would be in the way of its new name.
  database.exec('PRAGMA legacy_alter_table = ON');
  database.exec(createStatement(next, widened, key));
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  database.exec(
    `INSERT INTO main.${identifier(next)} (${names}) SELECT ${changes.map(expression).join(', ')} FROM main.${identifier(table)}`,
  );
  database.exec(`DROP TABLE main.${identifier(table)}`);
  database.exec(`ALTER TABLE main.${identifier(next)} RENAME TO ${identifier(table)}`);
  for (const sql of others) database.exec(sql);
}

function checkOwn(database: DatabaseSyncInstance, table: string, own: string): void {
  const stored: unknown = database
    .prepare(`SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)`)
    .get(table)?.sql;
  // SQLite writes added columns behind the others, without line breaks.
  const normal = (sql: string) => sql.replace(/\s*(,|\)$)\s*/g, '$1');
  if (typeof stored === 'string' && normal(stored) === normal(own)) return;
  const advice = 'it was not created by load-rows, so its columns are not made wider';
  throw new Failure(status.unavailable, `table ${quote(table)}: ${advice}; see --on-mismatch reject`);
}

function changeOf(
  database: DatabaseSyncInstance,
  table: string,
  column: TableColumn,
  type: ColumnType = column.type,
): Change {
  if (column.type !== 'integer' || type !== 'decimal') return { column, type };
  const long = database
    .prepare(
      `SELECT 1 FROM main.${identifier(table)} WHERE abs(${identifier(column.name)}) > ${LONG} LIMIT 1`,
    )
    .get();
  return { column, type: long === undefined ? 'decimal' : 'text' };
}

/** The statements of indexes and triggers, which go with a table when it is dropped. */
function dependents(database: DatabaseSyncInstance, table: string): string[] {
  const rows: readonly { readonly sql: string }[] = database
    .prepare(
      `SELECT sql FROM main.sqlite_schema WHERE type IN ('index', 'trigger') AND lower(tbl_name) = lower(?) AND sql IS NOT NULL`,
    )
    .all(table);
  return rows.map(({ sql }) => sql);
}

function expression({ column: { name, type: before }, type }: Change): string {
  const column = identifier(name);
  if (type !== 'text' || before === 'text') return column;
  if (before === 'boolean') return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE ${column} END`;
  return `CAST(${column} AS TEXT)`;
}
