/** The databases of tools, as tests read them. */

import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/**
 * Reads a ledger, or another database of a tool. It is opened as the tools open it: SQLite lets nobody who may not write
 * read a database whose writer was killed.
 */
export function readDatabase<Read>(path: string, read: (database: DatabaseSyncInstance) => Read): Read {
  const database = new DatabaseSync(`${pathToFileURL(path)}?mode=rw`, { timeout: 5000 });
  try {
    database.exec('PRAGMA query_only = ON');
    return read(database);
  } finally {
    database.close();
  }
}
