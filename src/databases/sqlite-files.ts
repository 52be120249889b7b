/**
 * The files of open SQLite databases: the database itself, and the -wal and -shm files beside it.
 *
 * SQLite finds the files beside a database by name alone. When an open database is replaced by another file, the next
 * process to open the new one would apply the stale WAL to it and corrupt it. So this process removes the stale files as
 * soon as it notices: before and after each use, before it opens a database, when a name in the folder changes, and
 * twice a second. It opens no database while other processes have stale files beside it.
 */

import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { tryToRemove } from '../files/remove.ts';
import { versionOf } from '../files/replace.ts';

const LOOK_MS = 500;
/** A database with a table has at least two pages. */
const ONE_PAGE = 4096;

/** Versions of files; empty for missing ones. */
interface Versions {
  readonly database: string;
  readonly wal: string;
  readonly shm: string;
}

const open = new Set<OpenFiles>();
let looking: NodeJS.Timeout | undefined;

/** Removes the files beside databases of this process whose path leads to another file by now. */
export function takeStaleWalsAway(): void {
  for (const files of open) if (!files.areCurrent()) files.takeWalAway();
}

function look(): void {
  takeStaleWalsAway();
  // Watched only from the first look on: most processes end sooner.
  for (const files of open) files.watch();
}

/** The files of one open database. */
export class OpenFiles {
  readonly #database: DatabaseSyncInstance;
  readonly #name: string;
  /** Real path of the database. */
  readonly #path: string;
  #versions: Versions;
  #watcher: FSWatcher | undefined;

  /** @param name the path by which the database was just opened */
  constructor(database: DatabaseSyncInstance, name: string) {
    this.#database = database;
    this.#name = name;
    this.#path = realPath(name);
    this.#versions = versions(name);
    open.add(this);
    looking ??= setInterval(look, LOOK_MS).unref();
  }

  /** The version of the database file itself. */
  get version(): string {
    return this.#versions.database;
  }

  /** Whether the path still leads to these files. A write into an unlinked WAL would be lost. */
  areCurrent(): boolean {
    const now = versions(this.#name);
    const { database, wal, shm } = this.#versions;
    if (now.database === '' || now.database !== database) return false;
    // A change of the journal mode creates -wal and -shm later.
    if (wal === '' || (shm === '' && now.wal === wal)) this.#versions = now;
    return wal === '' || now.wal === wal;
  }

  /**
   * When the path leads to another file by now: checkpoints the WAL into this database, and removes the WAL. The database
   * must then be closed, since nobody else sees further writes to it.
   */
  takeWalAway(): void {
    if (!open.has(this)) return;
    this.#forget();
    if (!this.#isMoved()) return;
    // Without a WAL, SQLite would create one beside the new database.
    if (this.#versions.wal !== '') checkpoint(this.#database);
    for (const kind of ['wal', 'shm'] as const) {
      const path = `${this.#path}-${kind}`;
      if (this.#versions[kind] !== '' && version(path) === this.#versions[kind]) tryToRemove(path);
    }
  }

  /** Watches the folder for renames, if the system supports it. */
  watch(): void {
    if (this.#watcher !== undefined) return;
    try {
      const changed = (what: string) => what === 'rename' && takeStaleWalsAway();
      this.#watcher = watch(dirname(this.#path), { persistent: false }, changed);
      // The interval remains.
      this.#watcher.on('error', () => {});
    } catch {
      // The limit of watches is reached, or the folder is gone: the interval remains.
    }
  }

  /** Closes the database. Leaves a single file if no other process has it open. */
  close(): void {
    this.takeWalAway();
    // Another process may have removed the WAL while the database was briefly moved away.
    if (!this.#isMoved() && version(`${this.#path}-wal`) === this.#versions.wal) checkpoint(this.#database);
    this.#database.close();
  }

  #isMoved(): boolean {
    return version(this.#path) !== this.#versions.database;
  }

  #forget(): void {
    open.delete(this);
    this.#watcher?.close();
    if (open.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }
}

/** Moves the WAL into the database file, so that the file can be copied alone. */
function checkpoint(database: DatabaseSyncInstance): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // A reader or a full disk may prevent it; the data is safe in the WAL.
  }
}

/**
 * Lets SQLite remove the files beside closed databases before a signal ends this process. SQLite keeps a database open
 * until its last statement is finalized, and the library finalizes statements only on garbage collection or normal exit.
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

/** Removes a database without tables. A process about to create one notices, since it checks the path after its commit. */
export function removeEmptyDatabase(name: string): void {
  const path = realPath(name);
  if (size(path) > ONE_PAGE || size(`${path}-wal`) > 0) return;
  for (const suffix of ['', '-wal', '-shm', '-journal']) tryToRemove(`${path}${suffix}`);
}

/** In bytes; 0 for a missing file, infinite for an inaccessible one, which cannot be ours. */
function size(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function versions(name: string): Versions {
  const path = realPath(name);
  return { database: version(path), wal: version(`${path}-wal`), shm: version(`${path}-shm`) };
}

/** The version of the WAL beside a database; empty when there is none. */
export function walVersion(name: string): string {
  return versions(name).wal;
}

/** The real path, or the name itself when it cannot be resolved. */
export function realPath(name: string): string {
  try {
    return realpathSync.native(name);
  } catch {
    return name;
  }
}

/** As `versionOf`, but also empty for an inaccessible path: opening it reports the reason. */
export function version(path: string): string {
  try {
    return versionOf(path);
  } catch {
    return '';
  }
}
