/**
 * A table of a SQLite database. A batch is written to a database file of its own, which SQLite then reads in one
 * statement: see sqlite-pages.ts.
 *
 * The database is in WAL mode, so a reader never waits for a writer, and a batch is on disk when `load` returns. Only a
 * new database starts without: while it is filled with large batches a WAL would write every page twice.
 */

import { existsSync } from 'node:fs';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../../databases/identifier.ts';
import { openDatabase, transaction } from '../../databases/sqlite-connection.ts';
import { SqliteDatabase } from '../../databases/sqlite-database.ts';
import { sqliteFailure, untilFree } from '../../databases/sqlite-failure.ts';
import type { Batch } from '../input/batch.ts';
import type { TableColumn } from '../input/column-type.ts';
import { isUtcTime } from '../input/plain-time.ts';
import type { Table, TableSettings } from '../table.ts';
import {
  conflictClause,
  explainChanges,
  findChanges,
  keyNames,
  type TableChanges,
} from '../table-changes.ts';
import { addStatement, createStatement, findColumns } from './sqlite-columns.ts';
import { RowFile } from './sqlite-pages.ts';
import { widenColumns } from './sqlite-widen.ts';
import { temporaryFile } from './temporary-file.ts';

/** Digits that a double keeps. */
const DECIMAL_DIGITS = 15;
/** After a batch of this many bytes the next one is probably close behind. */
const LARGE = 1 << 20;

/** Opens the database with the first call, and creates it with the first batch. */
export default function openSqliteTable(address: string, settings: TableSettings): Table {
  const { table, waitMs, signal } = settings;
  const rowFile = new RowFile();
  let isFilling = !existsSync(address);
  let hasLoaded = false;
  const database = new SqliteDatabase(address, (path) => openForLoading(path, isFilling));
  const patiently = async <Result>(work: () => Result): Promise<Result> => {
    try {
      return await untilFree(work, waitMs, signal);
    } catch (error) {
      throw sqliteFailure(address, error);
    }
  };
  return {
    decimalDigits: DECIMAL_DIGITS,
    async columns() {
      return existsSync(address)
        ? patiently(() => database.use((open) => findColumns(open, table)))
        : undefined;
    },
    async load(batch) {
      batch.undouble();
      batch.toUtc(isUtcTime);
      const bytes = rowFile.encode(batch);
      let attached: DatabaseSyncInstance | undefined;
      const load = (open: DatabaseSyncInstance) => {
        if (attached !== open) attach(open, bytes);
        attached = open;
        return loadAttached(open, batch, settings);
      };
      try {
        explainChanges(await patiently(() => database.use(load)), settings);
        hasLoaded = true;
      } finally {
        if (attached?.isOpen) attached.exec('DETACH batch');
      }
      if (isFilling && batch.bytes.length < LARGE) await patiently(() => database.use(useWal));
      isFilling &&= batch.bytes.length >= LARGE;
    },
    async close() {
      // A reader may be in the way; then the next load does it.
      if (isFilling && hasLoaded) await untilFree(() => database.use(useWal), 0, signal).catch(() => {});
      await database.close(signal.aborted);
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

/** Attaches the rows as database `batch`. The file has lost its name by then: nothing is left of it, whatever happens. */
function attach(database: DatabaseSyncInstance, bytes: Buffer): void {
  temporaryFile(bytes, (url) => {
    database.exec(`ATTACH '${url.replaceAll("'", "''")}?immutable=1' AS batch`);
    database.exec('SELECT 1 FROM batch.rows');
  });
}

function loadAttached(database: DatabaseSyncInstance, batch: Batch, settings: TableSettings): TableChanges {
  return transaction(database, () => {
    const changes = readyTable(database, batch, settings);
    database.exec(insertStatement(changes.targets, settings));
    return changes;
  });
}

function readyTable(database: DatabaseSyncInstance, batch: Batch, settings: TableSettings): TableChanges {
  const { table, key } = settings;
  const before = findColumns(database, table);
  const changes = findChanges(batch, before, settings, DECIMAL_DIGITS);
  if (changes.isNew) database.exec(createStatement(table, changes.added, keyNames(changes.targets, key)));
  else for (const column of changes.added) database.exec(addStatement(table, column));
  if (changes.widened.size > 0) widenColumns(database, table, changes.widened);
  return changes;
}

/** Rows come in their order, so the last one of a key stays. */
function insertStatement(targets: readonly TableColumn[], { table, key }: TableSettings): string {
  const names = targets.map(({ name }) => identifier(name)).join(', ');
  const values = targets.map(({ type }, at) => (type === 'boolean' ? truth(`c${at}`) : `c${at}`)).join(', ');
  const insert = `INSERT INTO main.${identifier(table)} (${names}) SELECT ${values} FROM batch.rows`;
  return key.length === 0 ? insert : `${insert} WHERE true ${conflictClause(targets, key)}`;
}

function truth(column: string): string {
  return `CASE lower(${column}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE ${column} END`;
}
