/**
 * A SQLite database: `stats.db`, table `stats`, one row per key.
 *
 * It is in WAL mode, so a reader never waits for a writer, and a batch is on disk when `upsert` returns. Writers take
 * turns. Made to be read with the `sqlite3` shell: times are text, numbers are numbers, what is not known is NULL.
 */

import { resolve } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Failure, status } from '../failure.ts';
import { columnNames, columnProblem, rowFields, type StatsRow, statsColumns } from '../readings/stats-row.ts';
import { identifier } from './sql.ts';
import { storeFailure, untilFree } from './sqlite-failure.ts';
import { decide, type OnConflict, type Outcome, type Store, type StoreSettings } from './store.ts';

const KEY = ['sensor', 'window', 'end'];

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

const FIND = 'SELECT "count" FROM "stats" WHERE "sensor" = ? AND "window" = ? AND "end" = ?';

export function openSqlite(address: string, { waitMs, signal }: StoreSettings): Store {
  let database: DatabaseSyncInstance | undefined;
  const load = (rows: readonly StatsRow[], onConflict: OnConflict) => {
    database ??= openDatabase(address);
    const open = database;
    return inTransaction(open, () => upsertRows(open, rows, onConflict));
  };
  return {
    async upsert(rows, onConflict) {
      try {
        return await untilFree(() => load(rows, onConflict), waitMs, signal);
      } catch (error) {
        throw storeFailure(address, error);
      }
    },
    close: () => database?.close(),
  };
}

export function openDatabase(address: string): DatabaseSyncInstance {
  // Made absolute, so that no name is special to SQLite, such as ":memory:".
  const database = new DatabaseSync(resolve(address), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function inTransaction<Result>(database: DatabaseSyncInstance, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(CREATE);
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function upsertRows(
  database: DatabaseSyncInstance,
  rows: readonly StatsRow[],
  onConflict: OnConflict,
): Outcome {
  const columns = columnNames(rows);
  const problem = columnProblem(columns);
  if (problem !== undefined) throw new Failure(status.data, problem);
  const find = database.prepare(FIND);
  const write = database.prepare(upsertStatement(columns, readyTable(database, columns)));
  const outcome = { inserted: 0, replaced: 0, kept: 0 };
  for (const row of rows) {
    const stored: unknown = find.get(row.sensor, row.window, row.end)?.count;
    const what = decide(onConflict, stored === undefined ? undefined : Number(stored), row.count);
    if (what !== 'kept') write.run(...sqlValues(row, columns));
    outcome[what] += 1;
  }
  return outcome;
}

/** The columns that a row may leave empty, once the table is there and has all of these. @throws Failure (unavailable) */
function readyTable(database: DatabaseSyncInstance, columns: readonly string[]): string[] {
  const before = tableColumns(database);
  const present = new Set(before.map(({ name }) => name.toLowerCase()));
  const lacking = statsColumns.find(({ name }) => !present.has(name));
  if (lacking) throw new Failure(status.unavailable, `its table "stats" lacks column "${lacking.name}"`);
  for (const name of columns)
    if (!present.has(name.toLowerCase()))
      database.exec(`ALTER TABLE "stats" ADD COLUMN ${identifier(name)} NUMERIC`);
  return before.filter(({ notnull, pk }) => notnull === 0 && pk === 0).map(({ name }) => name);
}

interface TableColumn {
  readonly name: string;
  readonly notnull: number;
  readonly pk: number;
}

function tableColumns(database: DatabaseSyncInstance): readonly TableColumn[] {
  return database.prepare('PRAGMA table_info("stats")').all();
}

/** A row that is replaced is replaced as a whole: what the new one does not have becomes NULL. */
function upsertStatement(columns: readonly string[], optional: readonly string[]): string {
  const given = new Set(columns.map((name) => name.toLowerCase()));
  const changes = columns
    .filter((name) => !KEY.includes(name))
    .map((name) => `${identifier(name)} = excluded.${identifier(name)}`);
  const erased = optional
    .filter((name) => !given.has(name.toLowerCase()))
    .map((name) => `${identifier(name)} = NULL`);
  return (
    `INSERT INTO "stats" (${columns.map(identifier).join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ` +
    `ON CONFLICT (${KEY.map(identifier).join(', ')}) DO UPDATE SET ${[...changes, ...erased].join(', ')}`
  );
}

function sqlValues(row: StatsRow, columns: readonly string[]): (string | null)[] {
  return rowFields(row, columns).map((text, at) => (text === '' && columns[at] !== 'sensor' ? null : text));
}
