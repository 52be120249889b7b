/**
 * Inserts from database `batch` into the table: all rows at once or, if one is refused, all others.
 *
 * Within a transaction SQLite keeps its first snapshot of `batch`: further batches go through a temporary table.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import { isBadRow } from '../../databases/sqlite-failure.ts';
import { errorText } from '../../failure.ts';
import type { Batch } from '../input/batch.ts';
import type { ColumnType, TableColumn } from '../input/column-type.ts';
import type { Refusal, TableSettings } from '../table.ts';
import { conflictClause } from '../table-changes.ts';
import { PLAIN } from './sqlite-functions.ts';

/** How many rows are retried one by one when one of them is refused. */
const CHUNK = 500;

/** Maximum number of cached statements, one per set of columns. */
const MAX_STATEMENTS = 1000;

interface Insert {
  readonly batch: Batch;
  /** The table's column for each column of the batch. */
  readonly targets: readonly TableColumn[];
  readonly settings: TableSettings;
  /** The table that holds the batch; `batch.rows` if undefined. */
  readonly from?: string;
}

const STAGED = 'temp.etl_rows';

/** @throws the library's error; the transaction must then be rolled back */
export function insertAll(database: DatabaseSyncInstance, insert: Insert): void {
  for (const { start, end, run } of inserts(database, insert)) run(start, end);
}

/** Inserts a further batch of a transaction, which cannot see it in database `batch`. @throws as `insertAll` does */
export function insertStaged(database: DatabaseSyncInstance, insert: Insert): void {
  const { batch } = insert;
  const columns = batch.names.map((_, at) => `c${at}`);
  database.exec(`CREATE TABLE ${STAGED} (${columns.join(', ')})`);
  const statement = database.prepare(`INSERT INTO ${STAGED} VALUES (${columns.map(() => '?').join(', ')})`);
  for (let row = 0; row < batch.rows; row++)
    statement.run(...batch.names.map((_, at) => batch.text(row, at) ?? null));
  insertAll(database, { ...insert, from: STAGED });
  database.exec(`DROP TABLE ${STAGED}`);
}

/** @returns the refused rows */
export function insertEach(database: DatabaseSyncInstance, insert: Insert): Refusal[] {
  const refused: Refusal[] = [];
  /** Inserts all of the rows, or none. @returns the error if they are refused */
  const attempt = (run: Run, start: number, end: number): unknown => {
    database.exec('SAVEPOINT rows');
    try {
      run(start, end);
      database.exec('RELEASE rows');
      return undefined;
    } catch (error) {
      // A trigger may have rolled back the whole transaction.
      if (!isBadRow(error) || !database.isTransaction) throw error;
      database.exec('ROLLBACK TO rows');
      database.exec('RELEASE rows');
      return error;
    }
  };
  for (const { start, end, run } of inserts(database, insert))
    for (let from = start; from < end; from += CHUNK) {
      const to = Math.min(from + CHUNK, end);
      if (attempt(run, from, to) === undefined) continue;
      for (let row = from; row < to; row++) {
        const error = attempt(run, row, row + 1);
        if (error !== undefined) refused.push({ row, reason: errorText(error) });
      }
    }
  return refused;
}

/** Inserts a range of rows, `end` exclusive. */
type Run = (start: number, end: number) => void;

function* inserts(
  database: DatabaseSyncInstance,
  { batch, targets, settings, from = 'batch.rows' }: Insert,
): Generator<{ start: number; end: number; run: Run }> {
  const known = new Map<string, Run>();
  for (const { start, end, columns } of batch.parts) {
    const shape = columns.join();
    const run =
      known.get(shape) ??
      prepare(database, insertStatement(columns, batch.types, targets, { ...settings, from }));
    if (known.size === MAX_STATEMENTS) known.clear();
    known.set(shape, run);
    yield { start, end, run };
  }
}

function prepare(database: DatabaseSyncInstance, sql: string): Run {
  const statement = database.prepare(sql);
  return (start, end) => void statement.run(start + 1, end);
}

/** In the order of rows, so that the last one of a key wins. */
function insertStatement(
  columns: readonly number[],
  types: readonly ColumnType[],
  all: readonly TableColumn[],
  { table, key, from }: TableSettings & { readonly from: string },
): string {
  const targets = columns.flatMap((at) => all[at] ?? []);
  const names = targets.map(({ name }) => identifier(name)).join(', ');
  const values = columns.map((at) => valueFor(`c${at}`, types[at], all[at]?.type)).join(', ');
  const insert = `INSERT INTO main.${identifier(table)} (${names}) SELECT ${values} FROM ${from} WHERE rowid BETWEEN ? AND ?`;
  return key.length === 0 ? insert : `${insert} ${conflictClause(targets, key)}`;
}

/** The SQL value of a field for its column, which may be wider than the batch's type. */
function valueFor(field: string, type: ColumnType | undefined, target: ColumnType | undefined): string {
  if (target === 'boolean')
    return `CASE lower(${field}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE ${field} END`;
  if (target !== 'text') return field;
  if (type === 'decimal') return `${PLAIN}(CAST(${field} AS REAL))`;
  return type === 'boolean' ? `lower(${field})` : field;
}
