/**
 * The files of open SQLite databases: each database's own, and those that SQLite keeps beside it while it is open.
 *
 * SQLite finds the files beside by name alone. When another database is put in the place of an open one, the next process
 * that opens it would take them for its own, and lay the old WAL over it. So this process takes them away as soon as it
 * notices: before and after each use, before it opens a database, when a name in the folder changes, and twice a second.
 * And it opens no database while other processes have such files beside it.
 */

import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { tryToRemove } from '../files/remove.ts';
import { versionOf } from '../files/replace.ts';

const LOOK_MS = 500;
/** SQLite never gives a database with a table fewer bytes than two pages. */
const ONE_PAGE = 4096;

/** Versions of files, empty for those that are missing. */
interface Versions {
  readonly database: string;
  readonly wal: string;
  readonly shm: string;
}

const open = new Set<OpenFiles>();
let looking: NodeJS.Timeout | undefined;

/** Takes away the files beside databases of this process whose path leads elsewhere by now. */
export function takeStaleWalsAway(): void {
  for (const files of open) if (!files.areCurrent()) files.takeWalAway();
}

function look(): void {
  takeStaleWalsAway();
  // Databases that stay open are also watched; most processes end before that.
  for (const files of open) files.watch();
}

/** The files of one open database. */
export class OpenFiles {
  readonly #database: DatabaseSyncInstance;
  readonly #name: string;
  /** Where the database is, with symbolic links followed. */
  readonly #path: string;
  #versions: Versions;
  #watcher: FSWatcher | undefined;

  /** @param name the path that the database was just opened by */
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

  /** Whether the path still leads to them. A WAL that was removed would take along what is written to it. */
  areCurrent(): boolean {
    const now = versions(this.#name);
    const { database, wal, shm } = this.#versions;
    if (now.database === '' || now.database !== database) return false;
    // They appear later when the kind of journal was changed.
    if (wal === '' || (shm === '' && now.wal === wal)) this.#versions = now;
    return wal === '' || now.wal === wal;
  }

  /**
   * When the database is no longer where it was: moves what only its WAL holds into it, and removes that WAL. The database
   * must then be closed: nobody will see what is written to it.
   */
  takeWalAway(): void {
    if (!open.has(this)) return;
    this.#forget();
    if (!this.#isMoved()) return;
    // Without a WAL it would make one, beside the database that is here now.
    if (this.#versions.wal !== '') checkpoint(this.#database);
    for (const kind of ['wal', 'shm'] as const) {
      const path = `${this.#path}-${kind}`;
      if (this.#versions[kind] !== '' && version(path) === this.#versions[kind]) tryToRemove(path);
    }
  }

  /** Watches the names in the folder, where the system can. */
  watch(): void {
    if (this.#watcher !== undefined) return;
    try {
      const changed = (what: string) => what === 'rename' && takeStaleWalsAway();
      this.#watcher = watch(dirname(this.#path), { persistent: false }, changed);
      // The interval goes on looking.
      this.#watcher.on('error', () => {});
    } catch {
      // The system watches no more folders, or the folder is gone.
    }
  }

  /** Closes the database. Where no other process has it open, it is one file then. */
  close(): void {
    this.takeWalAway();
    // Another process may have taken the WAL away, while the database was elsewhere for a moment.
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

/** Moves all that the WAL holds to the database file, so that it may be copied alone. */
function checkpoint(database: DatabaseSyncInstance): void {
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
  for (const suffix of ['', '-wal', '-shm', '-journal']) tryToRemove(`${path}${suffix}`);
}

/** In bytes; 0 for no file, infinite for one that cannot be seen: it is not ours. */
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

/** With symbolic links followed, where that is possible. */
export function realPath(name: string): string {
  try {
    return realpathSync.native(name);
  } catch {
    return name;
  }
}

/** Also empty where the path cannot be followed: opening it says why. */
export function version(path: string): string {
  try {
    return versionOf(path);
  } catch {
    return '';
  }
}
