/**
 * The file through which SQLite reads batches, attached as database `batch`.
 *
 * It is unlinked as soon as SQLite has opened it, before anything is written, so that nothing is left behind, whatever
 * happens. Each batch overwrites the previous one.
 */

import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { writeFailure } from '../../failure.ts';
import { tryToClose } from '../../files/remove.ts';
import { openUnnamed } from '../../files/unnamed.ts';
import { nodeOs } from '../../load.ts';

/** Header offsets of the counters that tell SQLite that a database or its schema has changed. */
const VERSIONS = [24, 40, 92];

/** Serves one connection at a time. */
export class BatchFile {
  #database: DatabaseSyncInstance | undefined;
  #descriptor = -1;
  #version = 0;

  /** Makes these bytes the contents of `batch`, with new counters. @throws Failure (I/O), or the library's error */
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
