/**
 * A SQLite database shared by several processes. It follows its path: when the file is removed or replaced, it is
 * reopened.
 *
 * A store, a table, a queue or a ledger in SQLite builds on four calls: `use` opens or creates the file, `transaction`
 * makes the work atomic, `untilFree` retries while another process holds a lock, and `sqliteFailure` explains errors:
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

export class SqliteDatabase {
  readonly #path: string;
  readonly #open: (path: string) => DatabaseSyncInstance;
  #opened: Opened | undefined;
  /** Whether this process created the file, and no work has succeeded in it yet. */
  #isNew = false;

  /** Does not open the file yet. @param open opens the database at a path, or creates an empty one */
  constructor(name: string, open: (path: string) => DatabaseSyncInstance = (path) => openDatabase(path)) {
    this.#path = resolve(name);
    this.#open = open;
  }

  /**
   * Runs `work`, and repeats it if the file was removed or replaced in the meantime: work in an unlinked file is lost.
   *
   * @throws the library's error, for `sqliteFailure`; what `work` throws
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
   * Leaves a single file with everything written, if no other process has it open; no file, when this process created it
   * and no work succeeded.
   *
   * @param bySignal whether a signal is ending the process
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
      // It was replaced between the two checks, so either file may be the open one.
      else files.close();
    }
  }
}
