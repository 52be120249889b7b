/** A connection to a SQLite database that several processes write to. */

import { resolve } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Failure, status } from '../failure.ts';

/** `etlq`, in the header of a file that is a queue. */
export const QUEUE_APPLICATION = 0x65746c71;
/** `etlr`, in the header of a file that is a ledger of runs. */
export const LEDGER_APPLICATION = 0x65746c72;

/**
 * Opens a database, or creates an empty one. A commit is on disk when it returns.
 *
 * @param journal with `WAL` readers and the writer never wait for each other; `TRUNCATE` writes each page only once
 * @param before called before anything is changed: when it throws, nothing is; by default, it throws for a queue and a ledger
 * @throws the library's error, for `sqliteFailure`; what `before` throws
 */
export function openDatabase(
  path: string,
  journal: 'WAL' | 'TRUNCATE' = 'WAL',
  before: (database: DatabaseSyncInstance) => void = refuseOtherKinds,
): DatabaseSyncInstance {
  // Made absolute, so that no name is special to SQLite, such as ":memory:". Waiting is left to `untilFree`.
  const database = new DatabaseSync(resolve(path), { timeout: 0 });
  try {
    before(database);
    database.exec(`PRAGMA journal_mode = ${journal}`);
    database.exec('PRAGMA synchronous = FULL');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const otherKinds: readonly (readonly [application: number, kind: string])[] = [
  [QUEUE_APPLICATION, 'queue'],
  [LEDGER_APPLICATION, 'ledger of runs'],
];

/** The tables of a queue or a ledger are not for rows. @throws Failure (configuration); the library's error */
function refuseOtherKinds(database: DatabaseSyncInstance): void {
  for (const [application, kind] of otherKinds)
    try {
      // Fails for this kind only. A prepared statement would keep the database open until it is collected as garbage.
      database.exec(
        `SELECT abs(-9223372036854775807 - 1) FROM pragma_application_id WHERE application_id = ${application}`,
      );
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('integer overflow'))) throw error;
      throw new Failure(status.config, `is a ${kind}, not a database for rows`, { cause: error });
    }
}

/** Does the work in a transaction of its own, which is rolled back when the work throws. @throws what it throws */
export function transaction<Result>(database: DatabaseSyncInstance, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Does work that only reads, with all of it as it is at one moment. @throws what the work throws */
export function snapshot<Result>(database: DatabaseSyncInstance, work: () => Result): Result {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    // Some errors have ended it already.
    if (database.isTransaction) database.exec('COMMIT');
  }
}

/** A number that is different after each change by any other connection. */
export function dataVersion(database: DatabaseSyncInstance): number {
  return database.prepare('PRAGMA data_version').get().data_version;
}
