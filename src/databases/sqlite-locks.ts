/** The locks that processes have on the files of SQLite databases, where the system lists them (Linux). */

import { readFileSync, statSync } from 'node:fs';
import { realPath } from './sqlite-files.ts';

/** SQLite's code for a database that is locked. */
const BUSY = 5;

/**
 * Refuses a database as long as another process has files open beside it that belong to another database, which was here
 * before: by the locks that SQLite has on both files of a database as long as it is open, where the system lists locks.
 *
 * @throws an error as SQLite throws for a database that is locked
 */
export function refuseForeignWal(path: string): void {
  const real = realPath(path);
  if (statSync(`${real}-shm`, { throwIfNoEntry: false }) === undefined) return;
  const locks = listLocks();
  if (!isLocked(`${real}-shm`, locks) || isLocked(real, locks)) return;
  throw Object.assign(new Error('database is locked: another database was here before'), { errcode: BUSY });
}

/** Those of other processes. */
function listLocks(): string {
  try {
    // Own ones tell nothing: a connection stays open until its statements are collected as garbage.
    const own = new RegExp(`^\\d+: \\S+ +\\S+ +\\S+ ${process.pid} .*$`, 'gm');
    return readFileSync('/proc/locks', 'latin1').replace(own, '');
  } catch {
    return '';
  }
}

/** A line of the list is `1: POSIX  ADVISORY  READ 4711 08:01:131074 128 128`: the device in hexadecimal, and the inode. */
function isLocked(path: string, locks: string): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return false;
  const major = ((stat.dev >> 8n) & 0xfffn) | ((stat.dev >> 32n) & ~0xfffn);
  const minor = (stat.dev & 0xffn) | ((stat.dev >> 12n) & ~0xffn);
  const device = [major, minor].map((number) => number.toString(16).padStart(2, '0')).join(':');
  return locks.includes(` ${device}:${stat.ino} `);
}
