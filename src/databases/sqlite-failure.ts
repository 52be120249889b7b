/** Classifies errors of SQLite: who is to blame, whether a retry may help, and the message. */

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
const busyCodes = new Set([5, 6, 15]); // BUSY, LOCKED, PROTOCOL (a race to open the WAL)
/** Transient READONLY codes: another process is recovering or creating the WAL, or the file was replaced. */
const passingReadOnlyCodes = new Set([264, 520, 1032, 1288]); // RECOVERY, CANTLOCK, DBMOVED, CANTINIT
const rowCodes = new Set([18, 19, 20]); // TOOBIG, CONSTRAINT, MISMATCH
/** Codes that the system's error explains better. */
const systemCodes = new Set([READONLY, IOERR, CANTOPEN]);

/**
 * Retries `work` while another process is in the way, including one that removes a file as it is being opened: SQLite's
 * busy timeout does not cover all such races. Also retries after EINTR of fsync(2), the one call that SQLite does not
 * repeat itself.
 *
 * @throws what `work` throws, after `waitMs` also that the database is busy
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
 * The Failure for an error of SQLite, or a Failure prefixed with the address; BadRows when the rows are to blame. Any
 * other error is a bug, and is returned unchanged.
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

/** The exit status and the text of the message. */
function judge(address: string, code: number, error: unknown): [Status, string] {
  const text = errorText(error);
  if (busyCodes.has(code)) return [status.temporary, 'busy: another process has locked it'];
  if (code === FULL) return [status.io, text];
  if (code === NOMEM) return [status.temporary, text];
  if (!systemCodes.has(code)) return [status.unavailable, text];
  const system = systemCode(address, error);
  if (system !== undefined) return [storageStatus(system), `${text}: ${systemText(system)}`];
  // The file can be opened by now.
  if (code === CANTOPEN) return [status.temporary, text];
  return [code === IOERR ? status.io : status.unavailable, text];
}

/** The code of the underlying system error, such as EACCES; undefined when unknown. */
function systemCode(address: string, error: unknown): string | undefined {
  const name = errnoName(numberIn(error, 'systemErrno') ?? 0);
  if (name !== undefined && name !== 'ENOENT') return name;
  // When SQLite cannot create a file, it tries to open it read-only, and reports only that second error, ENOENT.
  return primaryCode(error) === IOERR ? name : whyNotWritten(address);
}

/** The error code of writing to this file or creating one beside it; undefined if both work. */
function whyNotWritten(address: string): string | undefined {
  try {
    const path = resolveTarget(address);
    // Not opened: closing any descriptor of the file drops all POSIX locks that SQLite holds on it in this process.
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    const beside = `${path}-try`;
    closeSync(openSync(beside, 'wx'));
    tryToRemove(beside);
    return undefined;
  } catch (error) {
    return errorCode(error instanceof Failure ? error.cause : error);
  }
}

/** Whether a row is to blame. */
export function isBadRow(error: unknown): boolean {
  return rowCodes.has(primaryCode(error) ?? 0);
}

/** Whether SQLite could not open, create or write a file. */
export function isReadOnly(error: unknown): boolean {
  return [READONLY, CANTOPEN].includes(primaryCode(error) ?? 0);
}

/** Whether the database is damaged. */
export function isCorrupt(error: unknown): boolean {
  return primaryCode(error) === CORRUPT;
}

/** Whether the file is not a SQLite database. */
export function isNoDatabase(error: unknown): boolean {
  return primaryCode(error) === NOTADB;
}

/**
 * Codes by the texts of sqlite3_errstr: errors of the library's `all` and `iterate` have no code (@photostructure/sqlite
 * 1.x).
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

/** SQLite's primary result code; undefined for any other error. */
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
