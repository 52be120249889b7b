/**
 * The file through which SQLite reads batches, as the attached database `batch`.
 *
 * It loses its name as soon as SQLite has opened it, and before anything is written to it: nothing is left of it, whatever
 * happens. Each batch overwrites the one before.
 */

import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { writeFailure } from '../../failure.ts';
import { tryToClose } from '../../files/remove.ts';
import { openUnnamed } from '../../files/unnamed.ts';
import { nodeOs } from '../../load.ts';

/** Offsets of the numbers in a database's header by which SQLite sees that it, or its schema, has changed. */
const VERSIONS = [24, 40, 92];

/** Used for one connection after the other. */
export class BatchFile {
  #database: DatabaseSyncInstance | undefined;
  #descriptor = -1;
  #version = 0;

  /** Shows the connection these bytes of a database, of which the version is set. @throws Failure (I/O), or the library's error */
  put(database: DatabaseSyncInstance, bytes: Buffer): void {
    if (database !== this.#database) this.#attachTo(database);
    this.#version++;
    for (const offset of VERSIONS) bytes.writeUInt32BE(this.#version, offset);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at, undefined, at);
    } catch (error) {
      throw writeFailure(nodeOs().tmpdir(), error);
    }
  }

  close(): void {
    if (this.#descriptor >= 0) tryToClose(this.#descriptor);
    this.#descriptor = -1;
    this.#database = undefined;
  }

  #attachTo(database: DatabaseSyncInstance): void {
    this.close();
    this.#descriptor = openUnnamed((path) =>
      database.exec(`ATTACH '${pathToFileURL(path).href.replaceAll("'", "''")}?mode=ro' AS batch`),
    );
    this.#database = database;
  }
}
