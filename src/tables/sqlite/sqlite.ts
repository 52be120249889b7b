/**
 * A table in a SQLite database. A batch is written to a database file of its own, which SQLite then reads with one
 * statement: see sqlite-pages.ts.
 *
 * The database is in WAL mode, so that readers never wait for a writer, and a batch is durable when `load` returns. Only a
 * new database starts without WAL: while large batches fill it, a WAL would write every page twice.
 */

import { existsSync } from 'node:fs';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { openDatabase, transaction } from '../../databases/sqlite-connection.ts';
import { SqliteDatabase } from '../../databases/sqlite-database.ts';
import { isBadRow, sqliteFailure, untilFree } from '../../databases/sqlite-failure.ts';
import { Failure, status } from '../../failure.ts';
import type { Batch } from '../input/batch.ts';
import { isUtcTime } from '../input/plain-time.ts';
import { sqliteLimits } from '../limits.ts';
import type { Refusal, Table, TableSettings } from '../table.ts';
import { explainChanges, findChanges, keyNames, type TableChanges } from '../table-changes.ts';
import { BatchFile } from './batch-file.ts';
import { insertAll, insertEach, insertStaged } from './insert-rows.ts';
import { addStatement, createStatement, findColumns } from './sqlite-columns.ts';
import { defineFunctions } from './sqlite-functions.ts';
import { RowFile } from './sqlite-pages.ts';
import { holdsLong, widenColumns } from './sqlite-widen.ts';

/** After a batch of this many bytes, another one is likely to follow soon. */
const LARGE = 1 << 20;

/** Opens the database with the first call, and creates it with the first batch. */
export default function openSqliteTable(address: string, settings: TableSettings): Table {
  const { table, alter, waitMs, signal } = settings;
  const rowFile = new RowFile();
  let isFilling = !existsSync(address);
  let hasLoaded = false;
  const database = new SqliteDatabase(address, (path) => openForLoading(path, isFilling));
  const whenFree = async <Result>(work: () => Result): Promise<Result> => {
    try {
      return await untilFree(work, waitMs, signal);
    } catch (error) {
      throw sqliteFailure(address, error);
    }
  };
  const batchFile = new BatchFile();
  let mayAlter = alter;
  /** Whether a transaction over several batches is open. */
  let hasBegun = false;
  const loadOne = async (load: Load, bytes: Buffer): Promise<Loaded> =>
    whenFree(() =>
      database.use((open) => {
        batchFile.put(open, bytes);
        return loadStaged(open, load);
      }),
    );
  const loadInTransaction = async (load: Load): Promise<Loaded> => {
    const loaded = await whenFree(() =>
      database.use((open) => {
        if (!hasBegun) batchFile.put(open, rowFile.encode(load.batch));
        begin(open, hasBegun);
        try {
          const changes = readyTable(open, load);
          (hasBegun ? insertStaged : insertAll)(open, { ...load, targets: changes.targets });
          return { changes, refused: [] };
        } catch (error) {
          rollBack(open);
          throw error;
        }
      }),
    );
    hasBegun = true;
    return loaded;
  };
  return {
    limits: sqliteLimits,
    async columns() {
      const columns = existsSync(address)
        ? await whenFree(() => database.use((open) => findColumns(open, table)))
        : undefined;
      mayAlter ||= columns === undefined;
      return columns;
    },
    async load(batch) {
      batch.undouble();
      batch.toUtc(isUtcTime);
      const load = { batch, settings: { ...settings, alter: mayAlter } };
      const { changes, refused } = await (settings.isOneTransaction
        ? loadInTransaction(load)
        : loadOne(load, rowFile.encode(batch)));
      hasLoaded = true;
      explainChanges(changes, settings);
      if (settings.isOneTransaction) return refused;
      if (isFilling && batch.bytes.length < LARGE) await whenFree(() => database.use(useWal));
      isFilling &&= batch.bytes.length >= LARGE;
      return refused;
    },
    async commit() {
      if (!hasBegun) return;
      await whenFree(() => database.use(commit));
      hasBegun = false;
    },
    async close() {
      if (hasBegun) await untilFree(() => database.use(rollBack), 0, signal).catch(() => {});
      // Fails if there is a reader; then the next load does it.
      if (isFilling && hasLoaded) await untilFree(() => database.use(useWal), 0, signal).catch(() => {});
      await database.close(signal.aborted);
      batchFile.close();
    },
  };
}

/** Begins a transaction, unless one is open. @throws Failure (temporary) when it was lost */
function begin(database: DatabaseSyncInstance, hasBegun: boolean): void {
  if (database.isTransaction) return;
  if (hasBegun) throw new Failure(status.temporary, 'the database was replaced in the middle of a batch');
  database.exec('BEGIN IMMEDIATE');
}

function commit(database: DatabaseSyncInstance): void {
  begin(database, true);
  database.exec('COMMIT');
}

function rollBack(database: DatabaseSyncInstance): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}

function openForLoading(address: string, isFilling: boolean): DatabaseSyncInstance {
  const database = openDatabase(address, isFilling ? 'TRUNCATE' : 'WAL');
  database.exec('PRAGMA cache_size = -16384');
  defineFunctions(database);
  return database;
}

function useWal(database: DatabaseSyncInstance): void {
  database.exec('PRAGMA main.journal_mode = WAL');
}

interface Load {
  readonly batch: Batch;
  readonly settings: TableSettings;
}

interface Loaded {
  readonly changes: TableChanges;
  readonly refused: readonly Refusal[];
}

/** Loads the contents of database `batch`. */
function loadStaged(database: DatabaseSyncInstance, load: Load): Loaded {
  try {
    return transaction(database, () => {
      const changes = readyTable(database, load);
      insertAll(database, { ...load, targets: changes.targets });
      return { changes, refused: [] };
    });
  } catch (error) {
    if (!isBadRow(error)) throw error;
  }
  return transaction(database, () => {
    const changes = readyTable(database, load);
    return { changes, refused: insertEach(database, { ...load, targets: changes.targets }) };
  });
}

function readyTable(database: DatabaseSyncInstance, load: Load): TableChanges {
  const { table, key } = load.settings;
  const changes = changesFor(database, load);
  if (changes.isNew) database.exec(createStatement(table, changes.added, keyNames(changes.targets, key)));
  else for (const column of changes.added) database.exec(addStatement(table, column));
  if (changes.widened.size > 0) widenColumns(database, table, changes.widened);
  return changes;
}

/** A declared integer column counts as long if it has a long value, which matters only when decimals are added. */
function changesFor(database: DatabaseSyncInstance, { batch, settings }: Load): TableChanges {
  const before = findColumns(database, settings.table);
  const changes = findChanges(batch, before, settings, sqliteLimits.decimalDigits);
  const types = before?.map((column) => {
    const isLong =
      column.type === 'integer' &&
      changes.widened.get(column.name) === 'decimal' &&
      holdsLong(database, settings.table, column.name);
    return isLong ? { ...column, type: 'long' as const } : column;
  });
  return types?.some(({ type }) => type === 'long')
    ? findChanges(batch, types, settings, sqliteLimits.decimalDigits)
    : changes;
}
