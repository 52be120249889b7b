/**
 * A SQLite database that is only read. SQLite writes beside it even then, and so it is opened like that of a writer: the
 * last one to close it leaves nothing beside it. Where that is not allowed, and no writer has the file open, it is read as
 * it is, and must be opened anew whenever anything about it has changed.
 */

import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { isReadOnly } from './sqlite-failure.ts';
import { OpenFiles, takeStaleWalsAway, walVersion } from './sqlite-files.ts';
import { readyToOpen } from './sqlite-locks.ts';

export interface ReadOnlyDatabase {
  readonly database: DatabaseSyncInstance;
  /** Whether its path still leads to it, and it shows what others write. */
  isCurrent(): boolean;
  /** When it is not current: lets the next one be opened, though this one is still read. */
  leave(): void;
  close(): void;
}

/** @param path absolute @throws the library's error, for `sqliteFailure`: also when there is no file */
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

/** Different after each change of the file, and when a writer opens it; empty when there is no file. */
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
