/**
 * A SQLite database: `stats.db`, table `stats`, one row per key.
 *
 * WAL mode, so readers never wait for writers; a batch is durable when `upsert` resolves. One process writes at a time.
 * Made for the `sqlite3` shell: times are text, numbers are numbers, unknown values are NULL.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../databases/identifier.ts';
import { transaction } from '../databases/sqlite-connection.ts';
import { SqliteDatabase } from '../databases/sqlite-database.ts';
import { sqliteFailure, untilFree } from '../databases/sqlite-failure.ts';
import { rowFields, type StatsRow } from '../readings/stats-row.ts';
import { fitRows } from './fit-rows.ts';
import {
  columnsOf,
  type FittedColumns,
  fitColumns,
  onConflictClause,
  type StoredColumn,
  sqlValues,
} from './row-to-sql.ts';
import { renameWindows } from './sqlite-window-names.ts';
import { decide, type OnConflict, type Outcome, type Store, type StoreSettings } from './store.ts';

const CREATE = `
CREATE TABLE IF NOT EXISTS "stats" (
  "sensor" TEXT NOT NULL,
  "window" TEXT NOT NULL,
  "start" TEXT,
  "end" TEXT NOT NULL,
  "count" INTEGER NOT NULL,
  "min" REAL,
  "max" REAL,
  "avg" REAL,
  PRIMARY KEY ("sensor", "window", "end")
)`;

/** Additional columns of text, kept even where it looks like a number: a unit `1e3` is not 1000. */
const TEXTS = ['unit', 'first_time', 'last_time'];

const FIND = 'SELECT "count" FROM "stats" WHERE "sensor" = ? AND "window" = ? AND "end" = ?';

const REMOVE = 'DELETE FROM "stats" WHERE "sensor" = ? AND "window" = ? AND "end" = ? AND "count" <= ?';

export default function openSqlite(address: string, { waitMs, signal }: StoreSettings): Store {
  const database = new SqliteDatabase(address);
  const load = (rows: readonly StatsRow[], onConflict: OnConflict) =>
    database.use((open) => transaction(open, () => upsertRows(open, address, rows, onConflict)));
  const whenFree = async <Result>(work: () => Result): Promise<Result> => {
    try {
      return await untilFree(work, waitMs, signal);
    } catch (error) {
      throw sqliteFailure(address, error);
    }
  };
  return {
    upsert: (rows, onConflict) => whenFree(() => load(rows, onConflict)),
    remove: (rows) => whenFree(() => database.use((open) => transaction(open, () => removeRows(open, rows)))),
    close: () => database.close(signal.aborted),
  };
}

function upsertRows(
  database: DatabaseSyncInstance,
  address: string,
  all: readonly StatsRow[],
  onConflict: OnConflict,
): Outcome {
  database.exec(CREATE);
  const table = tableColumns(database);
  const stored = table.map(({ name }) => name);
  const { fitting: rows, refused } = fitRows(
    { address, columns: stored, foldsCase: true, hasDoubles: true },
    all,
  );
  const columns = columnsOf(rows);
  const fit = readyTable(database, columns);
  renameWindows(database, table, all);
  const find = database.prepare(FIND);
  const write = database.prepare(upsertStatement(fit));
  const outcome = { inserted: 0, replaced: 0, kept: 0, refused };
  for (const row of rows) {
    const stored: unknown = find.get(row.sensor, row.window, row.end)?.count;
    const what = decide(onConflict, stored === undefined ? undefined : Number(stored), row.count);
    if (what !== 'kept') write.run(...sqlValues(rowFields(row, columns), columns));
    outcome[what] += 1;
  }
  return outcome;
}

function removeRows(database: DatabaseSyncInstance, rows: readonly StatsRow[]): number {
  renameWindows(database, tableColumns(database), rows);
  const remove = database.prepare(REMOVE);
  return rows.reduce(
    (sum, { sensor, window, end, count }) => sum + Number(remove.run(sensor, window, end, count).changes),
    0,
  );
}

/** Adds the columns missing from the table. @throws Failure (unavailable) */
function readyTable(database: DatabaseSyncInstance, columns: readonly string[]): FittedColumns {
  const fit = fitColumns(tableColumns(database), columns);
  for (const name of fit.added) {
    const type = TEXTS.includes(name.toLowerCase()) ? 'TEXT' : 'NUMERIC';
    database.exec(`ALTER TABLE "stats" ADD COLUMN ${identifier(name)} ${type}`);
  }
  return fit;
}

function tableColumns(database: DatabaseSyncInstance): StoredColumn[] {
  const columns: readonly { name: string; notnull: number; pk: number }[] = database
    .prepare('PRAGMA table_info("stats")')
    .all();
  return columns.map(({ name, notnull, pk }) => ({ name, optional: notnull === 0 && pk === 0 }));
}

function upsertStatement(fit: FittedColumns): string {
  const values = fit.targets.map(() => '?').join(', ');
  return `INSERT INTO "stats" (${fit.targets.map(identifier).join(', ')}) VALUES (${values}) ${onConflictClause(fit)}`;
}
