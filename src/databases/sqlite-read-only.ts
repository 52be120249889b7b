/**
 * A SQLite database that is only read. Even a reader of a WAL database writes -wal and -shm, so it is opened read-write:
 * the last process to close it then removes them. If the folder or file is read-only, and no writer has the database
 * open, it is opened with immutable=1, and must be reopened after any change.
 */

import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { isReadOnly } from './sqlite-failure.ts';
import { OpenFiles, takeStaleWalsAway, walVersion } from './sqlite-files.ts';
import { readyToOpen } from './sqlite-locks.ts';

export interface ReadOnlyDatabase {
  readonly database: DatabaseSyncInstance;
  /** Whether the path still leads to it, and it sees what others write. */
  isCurrent(): boolean;
  /** For a database that is not current: allows opening its successor while this one is still being read. */
  leave(): void;
  close(): void;
}

/** @param path absolute @throws the library's error, for `sqliteFailure`, also when the file is missing */
export function openReadOnly(path: string): ReadOnlyDatabase {
  takeStaleWalsAway();
  readyToOpen(path);
  try {
    const database = open(path, 'mode=rw');
    const files = new OpenFiles(database, path);
    return {
      database,
      isCurrent: () => files.areCurrent(),
      leave: () => files.takeWalAway(),
      close: () => files.close(),
    };
  } catch (error) {
    if (!isReadOnly(error) || walVersion(path) !== '') throw error;
  }
  const version = fullVersion(path);
  const database = open(path, 'immutable=1');
  return {
    database,
    isCurrent: () => fullVersion(path) === version,
    leave() {},
    close: () => database.close(),
  };
}

/** Changes whenever the file changes or a writer opens it; empty when there is no file. */
function fullVersion(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.size} ${walVersion(path)}`;
}

function open(path: string, mode: 'mode=rw' | 'immutable=1'): DatabaseSyncInstance {
  const readOnly = mode === 'immutable=1';
  const database = new DatabaseSync(`${pathToFileURL(path)}?${mode}`, { timeout: 0, readOnly });
  try {
    database.exec('PRAGMA query_only = ON');
    database.exec('SELECT 1 FROM sqlite_schema');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
