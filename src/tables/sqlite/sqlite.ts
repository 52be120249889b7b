/**
 * A table of a SQLite database. A batch is written to a database file of its own, which SQLite then reads in one
 * statement: see sqlite-file.ts.
 *
 * The database is in WAL mode, so a reader never waits for a writer, and a batch is on disk when `load` returns. Only a
 * new database begins without: as long as large batches come, every page would be written twice for nobody.
 */

import { existsSync } from 'node:fs';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import { openDatabase, transaction } from '../../databases/sqlite-connection.ts';
import { sqliteFailure, untilFree } from '../../databases/sqlite-failure.ts';
import type { Batch } from '../input/batch.ts';
import { isUtcTime } from '../input/plain-time.ts';
import { toUtc } from '../input/utc-time.ts';
import type { Table, TableColumn, TableSettings } from '../table.ts';
import { conflictClause, explainPlan, keyNames, type Plan, planBatch } from '../table-changes.ts';
import { addStatement, createStatement, findColumns } from './sqlite-columns.ts';
import { RowFile } from './sqlite-pages.ts';
import { widenColumns } from './sqlite-widen.ts';
import { temporaryFile } from './temporary-file.ts';

/** A double keeps so many digits. */
const exact = { digits: 15 };
/** Bytes of a batch, from which on more of them may be expected at once. */
const LARGE = 1 << 20;

export default function openSqliteTable(address: string, settings: TableSettings): Table {
  const { table, waitMs, signal } = settings;
  const rowFile = new RowFile();
  let database: DatabaseSyncInstance | undefined;
  let isFilling = !existsSync(address);
  const open = () => {
    database ??= openForLoading(address, isFilling);
    return database;
  };
  const patiently = async <Result>(work: () => Result): Promise<Result> => {
    try {
      return await untilFree(work, waitMs, signal);
    } catch (error) {
      throw sqliteFailure(address, error);
    }
  };
  return {
    exact,
    async columns() {
      return existsSync(address) ? patiently(() => findColumns(open(), table)) : undefined;
    },
    async load(batch) {
      batch.undouble();
      toUtc(batch, isUtcTime);
      await patiently(() => attach(open(), rowFile.encode(batch)));
      try {
        explainPlan(await patiently(() => loadAttached(open(), batch, settings)), settings);
      } finally {
        open().exec('DETACH batch');
      }
      if (isFilling && batch.bytes.length < LARGE) await patiently(() => useWal(open()));
      isFilling &&= batch.bytes.length >= LARGE;
    },
    async close() {
      // Whoever reads at this moment is in the way, and the next who loads does it.
      if (isFilling && database) await untilFree(() => useWal(open()), 0, signal).catch(() => {});
      database?.close();
    },
  };
}

function openForLoading(address: string, isFilling: boolean): DatabaseSyncInstance {
  const database = openDatabase(address, isFilling ? 'TRUNCATE' : 'WAL');
  database.exec('PRAGMA cache_size = -16384');
  return database;
}

function useWal(database: DatabaseSyncInstance): void {
  database.exec('PRAGMA journal_mode = WAL');
}

/** From then on the file is SQLite's alone: nothing is left of it, whatever happens. */
function attach(database: DatabaseSyncInstance, bytes: Buffer): void {
  temporaryFile(bytes, (url) => {
    database.exec(`ATTACH '${url.replaceAll("'", "''")}?immutable=1' AS batch`);
    database.exec('SELECT 1 FROM batch.rows');
  });
}

function loadAttached(database: DatabaseSyncInstance, batch: Batch, settings: TableSettings): Plan {
  return transaction(database, () => {
    const plan = readyTable(database, batch, settings);
    database.exec(insertStatement(plan.targets, settings));
    return plan;
  });
}

function readyTable(database: DatabaseSyncInstance, batch: Batch, settings: TableSettings): Plan {
  const { table, key } = settings;
  const before = findColumns(database, table);
  const plan = planBatch(batch, before, settings, exact);
  if (plan.isNew) database.exec(createStatement(table, plan.added, keyNames(plan.targets, key)));
  else for (const column of plan.added) database.exec(addStatement(table, column));
  if (plan.widened.size > 0) widenColumns(database, table, plan.widened);
  return plan;
}

/** Of rows with one key the last one stays, since they come in their order. */
function insertStatement(targets: readonly TableColumn[], { table, key }: TableSettings): string {
  const names = targets.map(({ name }) => identifier(name)).join(', ');
  const values = targets.map(({ type }, at) => (type === 'boolean' ? truth(`c${at}`) : `c${at}`)).join(', ');
  const insert = `INSERT INTO main.${identifier(table)} (${names}) SELECT ${values} FROM batch.rows`;
  return key.length === 0 ? insert : `${insert} WHERE true ${conflictClause(targets, key)}`;
}

function truth(column: string): string {
  return `CASE lower(${column}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE ${column} END`;
}
