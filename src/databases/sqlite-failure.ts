/** Failures of a SQLite database: what each says about the rows and the database, and their messages. */

import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { jittered, retry } from '../async/retry.ts';
import {
  BadRows,
  errorCode,
  errorText,
  Failure,
  failureAt,
  type Status,
  status,
  storageStatus,
  systemText,
} from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { errnoName } from '../files/system-calls.ts';

/** SQLite's primary result codes. */
const NOMEM = 7;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
const busyCodes = new Set([5, 6, 15]); // BUSY, LOCKED, PROTOCOL: too many others open it at once
/** Of READONLY: another process recovers or makes the WAL at this moment, or the file was replaced. */
const passingReadOnlyCodes = new Set([264, 520, 1032, 1288]); // RECOVERY, CANTLOCK, DBMOVED, CANTINIT
const rowCodes = new Set([18, 19, 20]); // TOOBIG, CONSTRAINT, MISMATCH
/** Codes about which the system's error says more. */
const systemCodes = new Set([READONLY, IOERR, CANTOPEN]);

/**
 * Repeats the work while another process is in the way, even one that removes a file while it is being opened, and when a
 * signal interrupts SQLite's sync of a file: SQLite's own waiting does not cover some moments, and this is the one call
 * that it does not repeat.
 *
 * @throws what the work throws, at last also that the database is busy
 */
export function untilFree<Result>(
  work: () => Result | Promise<Result>,
  waitMs: number,
  signal: AbortSignal,
): Promise<Result> {
  return retry(work, {
    timeoutMs: waitMs,
    pause: jittered,
    signal,
    isTransient: (error) =>
      busyCodes.has(primaryCode(error) ?? -1) || isReadOnlyForNow(error) || isPassing(error),
  });
}

/**
 * The Failure for an error of SQLite, or a Failure with the address before it: BadRows when the rows are to blame. Any
 * other error is a bug, and is returned as it is.
 *
 * @param address the path of the database
 */
export function sqliteFailure(address: string, error: unknown): unknown {
  if (error instanceof Failure) return failureAt(address, error);
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (isBadRow(error)) return new BadRows(`${address}: ${errorText(error)}`, { cause: error });
  const [end, text] = judge(address, code, error);
  return new Failure(end, `${address}: ${text}`, { cause: error });
}

function isReadOnlyForNow(error: unknown): boolean {
  return passingReadOnlyCodes.has(numberIn(error, 'errcode') ?? -1);
}

function isPassing(error: unknown): boolean {
  const name = errnoName(numberIn(error, 'systemErrno') ?? 0);
  return primaryCode(error) === IOERR && (name === 'EINTR' || name === 'ENOENT');
}

/** Its status, and its text. */
function judge(address: string, code: number, error: unknown): [Status, string] {
  const text = errorText(error);
  if (busyCodes.has(code)) return [status.temporary, 'busy: another process has locked it'];
  if (code === FULL) return [status.io, text];
  if (code === NOMEM) return [status.temporary, text];
  if (!systemCodes.has(code)) return [status.unavailable, text];
  const system = systemCode(address, error);
  if (system !== undefined) return [storageStatus(system), `${text}: ${systemText(system)}`];
  // By now it can be opened.
  if (code === CANTOPEN) return [status.temporary, text];
  return [code === IOERR ? status.io : status.unavailable, text];
}

/** The code of the system error behind it, such as EACCES; undefined when it is not known. */
function systemCode(address: string, error: unknown): string | undefined {
  const name = errnoName(numberIn(error, 'systemErrno') ?? 0);
  if (name !== undefined && name !== 'ENOENT') return name;
  // SQLite tries to read what it cannot create, and then only says that nothing is there.
  return primaryCode(error) === IOERR ? name : whyNotWritten(address);
}

/** The error code of writing to this file, or to one beside it; undefined if it can be written. */
function whyNotWritten(address: string): string | undefined {
  try {
    const path = resolveTarget(address);
    // Not opened: to close it would take away the locks that SQLite has on it in this process.
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    const beside = `${path}-try`;
    closeSync(openSync(beside, 'wx'));
    tryToRemove(beside);
    return undefined;
  } catch (error) {
    return errorCode(error instanceof Failure ? error.cause : error);
  }
}

/** Whether the rows are to blame, or one of them. */
export function isBadRow(error: unknown): boolean {
  return rowCodes.has(primaryCode(error) ?? 0);
}

/** Whether SQLite could not write a file, or create it. */
export function isReadOnly(error: unknown): boolean {
  return [READONLY, CANTOPEN].includes(primaryCode(error) ?? 0);
}

/** Whether the file is a database that is damaged. */
export function isCorrupt(error: unknown): boolean {
  return primaryCode(error) === CORRUPT;
}

/** Whether the file is no SQLite database. */
export function isNoDatabase(error: unknown): boolean {
  return primaryCode(error) === NOTADB;
}

/**
 * Texts of errors, as in sqlite3_errstr: the library's `all` and `iterate` give no code (@photostructure/sqlite 1.x).
 */
const codesByText: ReadonlyMap<string, number> = new Map([
  ['database is locked', 5],
  ['database table is locked', 6],
  ['out of memory', NOMEM],
  ['attempt to write a readonly database', READONLY],
  ['disk I/O error', IOERR],
  ['database disk image is malformed', CORRUPT],
  ['database or disk is full', FULL],
  ['unable to open database file', CANTOPEN],
  ['locking protocol', 15],
  ['file is not a database', 26],
]);

/** SQLite's primary result code; undefined for an error of something else. */
function primaryCode(error: unknown): number | undefined {
  const code = numberIn(error, 'errcode');
  if (code !== undefined) return code & 0xff;
  return errorCode(error) === 'ERR_SQLITE_ERROR' ? codesByText.get(errorText(error)) : undefined;
}

function numberIn(error: unknown, name: string): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : undefined;
}
