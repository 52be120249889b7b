/** The locks that processes have on the files of SQLite databases, where the system lists them (Linux). */

import { accessSync, constants, readFileSync, type Stats, statSync } from 'node:fs';
import { errorCode } from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';
import { realPath } from './sqlite-files.ts';

/** SQLite's code for a database that is locked. */
const BUSY = 5;

/**
 * Makes sure that a database can be opened without harm, as far as the system lists locks.
 *
 * As long as another process has files open beside it that belong to another database, which was here before, it is
 * refused: SQLite has locks on both files of a database as long as it is open. And empty files beside it that lock its
 * owner out are removed: a process of root that was killed has made them, and not yet given them away.
 *
 * @throws an error as SQLite throws for a database that is locked
 */
export function readyToOpen(path: string): void {
  const real = realPath(path);
  refuseForeignWal(real);
  for (const suffix of ['-wal', '-shm', '-journal']) removeIfForeign(`${real}${suffix}`, real);
}

function refuseForeignWal(path: string): void {
  if (statIfSeen(`${path}-shm`) === undefined) return;
  const locks = listLocks() ?? '';
  const holders = holdersOf(`${path}-shm`, locks);
  if (holders.length === 0 || holdersOf(path, locks).length > 0) return;
  // Those of this process are of a database that it has left.
  if (holders.every((holder) => holder === process.pid))
    for (const suffix of ['-wal', '-shm']) tryToRemove(`${path}${suffix}`);
  else
    throw Object.assign(new Error('database is locked: another database was here before'), { errcode: BUSY });
}

/** A process that still uses it has a lock on the database. */
function removeIfForeign(path: string, database: string): void {
  if (statIfSeen(path)?.size !== 0) return;
  if (isWritable(path) || !isWritable(database)) return;
  const locks = listLocks();
  const inode = statIfSeen(database)?.ino;
  // On any device: some file systems list another one than stat(2) gives.
  if (locks !== undefined && !locks.includes(`:${inode} `)) tryToRemove(path);
}

/** Undefined also for a file that cannot be seen: opening the database will say why. */
function statIfSeen(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return errorCode(error) !== 'EACCES';
  }
}

/** Undefined where the system does not list them. */
function listLocks(): string | undefined {
  try {
    return readFileSync('/proc/locks', 'latin1');
  } catch {
    return undefined;
  }
}

/**
 * The processes that have a lock on a file. A line of the list is `1: POSIX  ADVISORY  READ 4711 08:01:131074 128 128`: the
 * process, the device in hexadecimal, and the inode.
 */
function holdersOf(path: string, locks: string): number[] {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return [];
  const major = ((stat.dev >> 8n) & 0xfffn) | ((stat.dev >> 32n) & ~0xfffn);
  const minor = (stat.dev & 0xffn) | ((stat.dev >> 12n) & ~0xffn);
  const device = [major, minor].map((number) => number.toString(16).padStart(2, '0')).join(':');
  const lines = locks.split('\n').filter((line) => line.includes(` ${device}:${stat.ino} `));
  return lines.map((line) => Number(/ (-?\d+) [\da-f]+:[\da-f]+:\d+ /.exec(line)?.[1]));
}
