/** A connection to a SQLite database that several processes write to. */

import { resolve } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Failure, status } from '../failure.ts';

/** `etlq`, the application_id of a queue. */
export const QUEUE_APPLICATION = 0x65746c71;
/** `etlr`, the application_id of a ledger of runs. */
export const LEDGER_APPLICATION = 0x65746c72;

/**
 * Opens a database, or creates an empty one. Commits are durable (synchronous = FULL).
 *
 * @param journal with `WAL`, readers and the writer never block each other; `TRUNCATE` writes each page only once
 * @param before checks the file before anything is changed; by default, refuses a queue and a ledger
 * @throws the library's error, for `sqliteFailure`; what `before` throws, with the file unchanged
 */
export function openDatabase(
  path: string,
  journal: 'WAL' | 'TRUNCATE' = 'WAL',
  before: (database: DatabaseSyncInstance) => void = refuseOtherKinds,
): DatabaseSyncInstance {
  // Absolute, so that no name such as ":memory:" is special. No busy timeout: `untilFree` waits.
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

/** @throws Failure (configuration) for a queue or a ledger, which must not be mixed with rows; the library's error */
function refuseOtherKinds(database: DatabaseSyncInstance): void {
  for (const [application, kind] of otherKinds)
    try {
      // Overflows for this kind only. A prepared statement would keep the database open until it is garbage-collected.
      database.exec(
        `SELECT abs(-9223372036854775807 - 1) FROM pragma_application_id WHERE application_id = ${application}`,
      );
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('integer overflow'))) throw error;
      throw new Failure(status.config, `is a ${kind}, not a database for rows`, { cause: error });
    }
}

/** Runs `work` in a write transaction, rolled back when it throws. @throws what `work` throws */
export function transaction<Result>(database: DatabaseSyncInstance, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors roll back by themselves.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Runs reads in one transaction, so that all of them see the same state. @throws what `work` throws */
export function snapshot<Result>(database: DatabaseSyncInstance, work: () => Result): Result {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    // Some errors end the transaction by themselves.
    if (database.isTransaction) database.exec('COMMIT');
  }
}

/** A number that changes with each commit by another connection. */
export function dataVersion(database: DatabaseSyncInstance): number {
  return database.prepare('PRAGMA data_version').get().data_version;
}
