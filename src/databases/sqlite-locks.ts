/** Locks on the files of SQLite databases, as listed in /proc/locks (Linux only). */

import { accessSync, constants, readFileSync, type Stats, statSync } from 'node:fs';
import { errorCode } from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';
import { realPath } from './sqlite-files.ts';

/** SQLITE_BUSY. */
const BUSY = 5;

/**
 * Makes sure that a database can be opened safely, as far as the system lists locks.
 *
 * Refuses a database while another process uses -wal and -shm files beside it that belong to a previous database of this
 * name. They do if somebody holds a lock on -shm but nobody on the database: SQLite locks both while a database is open.
 *
 * Removes empty files beside the database that lock its owner out: a process of root was killed after it created them
 * and before it changed their owner.
 *
 * @throws an error like SQLite's for a locked database
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
  // This process's own locks belong to a database that it has left.
  if (holders.every((holder) => holder === process.pid))
    for (const suffix of ['-wal', '-shm']) tryToRemove(`${path}${suffix}`);
  else
    throw Object.assign(new Error('database is locked: another database was here before'), { errcode: BUSY });
}

/** Removes an empty file only if nobody has a lock on the database: then nobody uses the file. */
function removeIfForeign(path: string, database: string): void {
  if (statIfSeen(path)?.size !== 0) return;
  if (isWritable(path) || !isWritable(database)) return;
  const locks = listLocks();
  const inode = statIfSeen(database)?.ino;
  // The device is not compared: some file systems list another one than stat(2) reports.
  if (locks !== undefined && !locks.includes(`:${inode} `)) tryToRemove(path);
}

/** Undefined also for an inaccessible file: opening the database reports the reason. */
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
 * The processes that hold a lock on a file. A line of the list is `1: POSIX  ADVISORY  READ 4711 08:01:131074 128 128`:
 * process, device in hexadecimal, inode.
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
