/**
 * A SQLite database that is read only. SQLite wants to write beside it even then; where it may not, and no writer has
 * the file open, it is read as it is, and opened anew whenever anything about it has changed.
 */

import { promises as fs } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { versionOf } from '../files/replace.ts';
import { isReadOnly } from './sqlite-failure.ts';

export interface ReadOnlyDatabase {
  readonly database: DatabaseSyncInstance;
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
  return `${file} ${mtimeNs} ${size} ${versionOf(`${path}-wal`)}`;
}

/** @throws the library's error, for `sqliteFailure`: also when there is no file */
export async function openReadOnly(path: string): Promise<ReadOnlyDatabase> {
  const version = await fileVersion(path, false);
  try {
    return { database: open(path), version, frozen: false };
  } catch (error) {
    if (!isReadOnly(error) || versionOf(`${path}-wal`) !== '') throw error;
  }
  const frozenVersion = await fileVersion(path, true);
  return { database: open(`${pathToFileURL(path)}?immutable=1`), version: frozenVersion, frozen: true };
}

function open(location: string): DatabaseSyncInstance {
  const database = new DatabaseSync(location, { timeout: 0, readOnly: true });
  try {
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
