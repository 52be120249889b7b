/** The files of a SQLite database: its own, and those that SQLite keeps beside it while it is open. */

import { realpathSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { remove, versionOf } from '../files/replace.ts';

/** SQLite never gives a database with a table fewer bytes than two pages. */
const ONE_PAGE = 4096;

/** Which files an open database has. */
export interface DatabaseFiles {
  /** Where the database is, with symbolic links followed. */
  readonly path: string;
  /** Versions, empty for a file that is missing. */
  readonly database: string;
  readonly wal: string;
  readonly shm: string;
}

/** The files at this path now. */
export function databaseFiles(name: string): DatabaseFiles {
  const path = realPath(name);
  return {
    path,
    database: version(path),
    wal: version(`${path}-wal`),
    shm: version(`${path}-shm`),
  };
}

/** Whether `name` still leads to these files. A WAL that was removed would take what is written to it along. */
export function areCurrent(files: DatabaseFiles, name: string): boolean {
  const now = databaseFiles(name);
  if (now.database === '' || now.database !== files.database) return false;
  return files.wal === '' || now.wal === files.wal;
}

/**
 * For a database whose path leads to another file, or to none: puts what only its WAL holds into the file that it was,
 * and removes that WAL, which SQLite would lay over the new database. The database can be read on, and closed.
 */
export function takeWalAway(database: DatabaseSyncInstance, { path, wal, shm }: DatabaseFiles): void {
  checkpoint(database);
  if (wal !== '' && version(`${path}-wal`) === wal) remove(`${path}-wal`);
  if (shm !== '' && version(`${path}-shm`) === shm) remove(`${path}-shm`);
}

/** Moves all that the WAL holds to the database file, so that it may be copied alone. */
export function checkpoint(database: DatabaseSyncInstance): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // What a reader or a full disk keeps in the WAL is safe there.
  }
}

/**
 * Lets SQLite remove the files beside closed databases before a signal ends this process. It keeps a database open until
 * its last statement is gone, and the library frees a statement only when it is collected as garbage, or at a normal end.
 */
export async function freeStatements(): Promise<void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ]);
  setFlagsFromString('--expose-gc');
  const collectGarbage: unknown = runInNewContext('gc');
  if (typeof collectGarbage === 'function') collectGarbage();
  await nextTurn();
}

/** Removes a database that has no table yet. Whoever is about to make one in it looks at its path again afterwards. */
export function removeEmptyDatabase(name: string): void {
  const path = realPath(name);
  if (size(path) > ONE_PAGE || size(`${path}-wal`) > 0) return;
  for (const suffix of ['', '-wal', '-shm', '-journal']) remove(`${path}${suffix}`);
}

function size(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function realPath(name: string): string {
  try {
    return realpathSync.native(name);
  } catch {
    return name;
  }
}

/** Also empty where the path cannot be followed: opening it says why. */
function version(path: string): string {
  try {
    return versionOf(path);
  } catch {
    return '';
  }
}
