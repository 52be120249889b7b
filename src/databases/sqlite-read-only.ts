/**
 * A database file opened to be read. SQLite wants to write beside it even then; where it may not, and no writer has it
 * open, it is read as it is, and opened anew whenever anything about it has changed.
 */

import { promises as fs } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { versionOf } from '../files/replace.ts';
import { isReadOnly } from './sqlite-failure.ts';

export interface OpenFile {
  readonly database: DatabaseSyncInstance;
  /** Of which file it is, as `fileVersion` says. */
  readonly version: string;
  /** Whether it shows one state for ever. */
  readonly frozen: boolean;
}

/** What is different when another file is there, and with `frozen` when it was changed; empty when there is none. */
export async function fileVersion(path: string, frozen: boolean): Promise<string> {
  const file = versionOf(path);
  if (file === '' || !frozen) return file;
  const { mtimeNs, size } = await fs.stat(path, { bigint: true });
  return `${file} ${mtimeNs} ${size} ${versionOf(`${path}-wal`)}`;
}

export async function openFile(path: string): Promise<OpenFile> {
  const version = await fileVersion(path, false);
  try {
    return { database: openToRead(path), version, frozen: false };
  } catch (error) {
    if (!isReadOnly(error) || versionOf(`${path}-wal`) !== '') throw error;
  }
  const frozenVersion = await fileVersion(path, true);
  return { database: openToRead(`${pathToFileURL(path)}?immutable=1`), version: frozenVersion, frozen: true };
}

function openToRead(location: string): DatabaseSyncInstance {
  const database = new DatabaseSync(location, { timeout: 0, readOnly: true });
  try {
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
