/**
 * A SQLite database that is only read. SQLite writes beside it even then, and so it is opened like that of a writer: the
 * last one to close it leaves nothing beside it. Where that is not allowed, and no writer has the file open, it is read as
 * it is, and opened anew whenever anything about it has changed.
 */

import { promises as fs } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { versionOf } from '../files/replace.ts';
import { isReadOnly } from './sqlite-failure.ts';
import { type DatabaseFiles, databaseFiles } from './sqlite-files.ts';

export interface ReadOnlyDatabase {
  readonly database: DatabaseSyncInstance;
  readonly files: DatabaseFiles;
  /** That of its file, as `fileVersion` gives it. */
  readonly version: string;
  /** Whether it goes on showing the state of that version while others write. */
  readonly frozen: boolean;
}

/** Changes when another file takes the path, and with `frozen` when the file changes; empty when there is no file. */
export async function fileVersion(path: string, frozen: boolean): Promise<string> {
  const file = versionOf(path);
  if (file === '' || !frozen) return file;
  const { mtimeNs, size } = await fs.stat(path, { bigint: true });
  return `${file} ${mtimeNs} ${size} ${databaseFiles(path).wal}`;
}

/** @throws the library's error, for `sqliteFailure`: also when there is no file */
export async function openReadOnly(path: string): Promise<ReadOnlyDatabase> {
  const version = await fileVersion(path, false);
  try {
    return { database: open(path, 'mode=rw'), files: databaseFiles(path), version, frozen: false };
  } catch (error) {
    if (!isReadOnly(error) || databaseFiles(path).wal !== '') throw error;
  }
  const frozenVersion = await fileVersion(path, true);
  return {
    database: open(path, 'immutable=1'),
    files: databaseFiles(path),
    version: frozenVersion,
    frozen: true,
  };
}

function open(path: string, mode: 'mode=rw' | 'immutable=1'): DatabaseSyncInstance {
  const readOnly = mode === 'immutable=1';
  const database = new DatabaseSync(`${pathToFileURL(path)}?${mode}`, { timeout: 0, readOnly });
  try {
    database.exec('PRAGMA query_only = ON');
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
