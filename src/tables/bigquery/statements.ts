/** GoogleSQL statements, and column types. */

import type { ColumnType, TableColumn } from '../input/column-type.ts';
import type { Field } from './api.ts';
import { MASK } from './row-set.ts';

/** A column of a BigQuery table. */
export interface BigqueryColumn extends TableColumn {
  /** The SQL type. */
  readonly sql: string;
}

const declared: Readonly<Record<ColumnType, string>> = {
  empty: 'STRING',
  integer: 'INT64',
  long: 'INT64',
  decimal: 'FLOAT64',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOL',
  text: 'STRING',
  verbatim: 'STRING',
};

/** By the API's type name. Columns of other types receive text, which BigQuery converts or refuses. */
const recognised: ReadonlyMap<string, { readonly type: ColumnType; readonly sql: string }> = new Map([
  ['INTEGER', { type: 'integer', sql: 'INT64' }],
  ['INT64', { type: 'integer', sql: 'INT64' }],
  ['FLOAT', { type: 'decimal', sql: 'FLOAT64' }],
  ['FLOAT64', { type: 'decimal', sql: 'FLOAT64' }],
  ['NUMERIC', { type: 'decimal', sql: 'NUMERIC' }],
  ['BIGNUMERIC', { type: 'decimal', sql: 'BIGNUMERIC' }],
  ['BOOLEAN', { type: 'boolean', sql: 'BOOL' }],
  ['BOOL', { type: 'boolean', sql: 'BOOL' }],
  ['TIMESTAMP', { type: 'timestamp', sql: 'TIMESTAMP' }],
]);

export function columnOf({ name, type }: Field): BigqueryColumn {
  const known = recognised.get(type.toUpperCase());
  return { name, type: known?.type ?? 'verbatim', sql: known?.sql ?? type };
}

/** A column to create. */
export function newColumn({ name, type }: TableColumn): BigqueryColumn {
  return { name, type, sql: declared[type] };
}

/** Quotes an identifier, whatever its characters. */
export function quoted(...names: readonly string[]): string {
  return names.map((name) => `\`${name.replace(/[\\`]/g, '\\$&')}\``).join('.');
}

/** @param table quoted */
export function createStatement(table: string, columns: readonly BigqueryColumn[]): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (${columns.map(columnText).join(', ')})`;
}

/** @param table quoted */
export function addStatement(table: string, columns: readonly BigqueryColumn[]): string {
  return `ALTER TABLE ${table} ${columns.map((column) => `ADD COLUMN IF NOT EXISTS ${columnText(column)}`).join(', ')}`;
}

function columnText({ name, sql }: BigqueryColumn): string {
  return `${quoted(name)} ${sql}`;
}

/** The column names of a staging table. */
export function stagingColumns(columns: number): string[] {
  return [MASK, ...Array.from({ length: columns }, (_, at) => `c${at}`)];
}

/** Creates a table that expires after a day, in case it is not dropped. @param table quoted */
export function createStagingStatement(table: string, columns: readonly string[]): string {
  const texts = columns.map((name) => `${name} STRING`).join(', ');
  const end = 'TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)';
  return `CREATE TABLE ${table} (${texts}) OPTIONS (expiration_timestamp = ${end})`;
}

/** @param staging quoted, like `table` @param columns of the table, in the order of the staging table */
export function insertStatement(table: string, staging: string, columns: readonly BigqueryColumn[]): string {
  return `INSERT INTO ${table} (${namesText(columns)}) SELECT ${columns.map(valueText).join(', ')} FROM ${staging}`;
}

/** Upserts: updates only the columns that a row mentions. @param key column indexes */
export function mergeStatement(
  table: string,
  staging: string,
  columns: readonly BigqueryColumn[],
  key: readonly number[],
): string {
  const values = columns.map((column, at) => `${valueText(column, at)} AS c${at}`);
  const same = key.map((at) => `t.${quoted(columns[at]?.name ?? '')} = s.c${at}`).join(' AND ');
  const changes = columns.flatMap(({ name }, at) =>
    key.includes(at)
      ? []
      : [`${quoted(name)} = IF(SUBSTR(s.${MASK}, ${at + 1}, 1) = '1', s.c${at}, t.${quoted(name)})`],
  );
  return [
    `MERGE ${table} AS t USING (SELECT ${[MASK, ...values].join(', ')} FROM ${staging}) AS s ON ${same}`,
    ...(changes.length === 0 ? [] : [`WHEN MATCHED THEN UPDATE SET ${changes.join(', ')}`]),
    `WHEN NOT MATCHED THEN INSERT (${namesText(columns)}) VALUES (${columns.map((_, at) => `s.c${at}`).join(', ')})`,
  ].join(' ');
}

function namesText(columns: readonly BigqueryColumn[]): string {
  return columns.map(({ name }) => quoted(name)).join(', ');
}

function valueText({ sql }: BigqueryColumn, at: number): string {
  return sql === 'STRING' ? `c${at}` : `CAST(c${at} AS ${sql})`;
}
