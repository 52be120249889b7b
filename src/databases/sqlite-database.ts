/**
 * A SQLite database that several processes write to, and that is always the one its path leads to.
 *
 * A store, a table, a queue or a ledger in SQLite starts from four calls: `use` opens or creates the file, `transaction`
 * does the work whole or not at all, `untilFree` does it again while another process is in the way, and `sqliteFailure`
 * says what went wrong:
 *
 *     const database = new SqliteDatabase(path);
 *     try {
 *       return await untilFree(() => database.use((open) => transaction(open, work)), waitMs, signal);
 *     } catch (error) {
 *       throw sqliteFailure(path, error);
 *     }
 */

import { resolve } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { openDatabase } from './sqlite-connection.ts';
import {
  freeStatements,
  OpenFiles,
  removeEmptyDatabase,
  takeStaleWalsAway,
  version,
} from './sqlite-files.ts';
import { readyToOpen } from './sqlite-locks.ts';

interface Opened {
  readonly database: DatabaseSyncInstance;
  readonly files: OpenFiles;
}

/** The database at a path. */
export class SqliteDatabase {
  readonly #path: string;
  readonly #open: (path: string) => DatabaseSyncInstance;
  #opened: Opened | undefined;
  /** Whether this process created the file, and no work has succeeded in it yet. */
  #isNew = false;

  /** Touches nothing yet. @param open opens the database at a path, or creates an empty one */
  constructor(name: string, open: (path: string) => DatabaseSyncInstance = (path) => openDatabase(path)) {
    this.#path = resolve(name);
    this.#open = open;
  }

  /**
   * Does the work, and does it again when the path has come to lead to another file meanwhile: a file that was removed
   * or replaced is not the database any more.
   *
   * @throws the library's error, for `sqliteFailure`; what the work throws
   */
  use<Result>(work: (database: DatabaseSyncInstance) => Result): Result {
    for (;;) {
      const { database, files } = this.#current();
      try {
        const result = work(database);
        if (files.areCurrent()) {
          this.#isNew = false;
          return result;
        }
      } catch (error) {
        if (files.areCurrent()) throw error;
      }
    }
  }

  /**
   * Leaves one file, with all that was written, if no other process has it open; or none, when this process created it
   * and no work succeeded.
   *
   * @param bySignal whether a signal ends the process
   */
  async close(bySignal: boolean): Promise<void> {
    this.#opened?.files.close();
    this.#opened = undefined;
    if (bySignal) await freeStatements();
    if (this.#isNew) removeEmptyDatabase(this.#path);
    this.#isNew = false;
  }

  #current(): Opened {
    for (;;) {
      if (this.#opened?.files.areCurrent()) return this.#opened;
      this.#opened?.files.close();
      this.#opened = undefined;
      takeStaleWalsAway();
      readyToOpen(this.#path);
      const before = version(this.#path);
      this.#isNew ||= before === '';
      const database = this.#open(this.#path);
      const files = new OpenFiles(database, this.#path);
      if (before === '' || before === files.version) this.#opened = { database, files };
      // It was replaced in between, and nobody knows which one is open.
      else files.close();
    }
  }
}
