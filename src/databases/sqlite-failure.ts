/** Failures of a SQLite database: which of them are temporary, and their messages. */

import { getSystemErrorMap } from 'node:util';
import { jittered, retry } from '../async/retry.ts';
import { errorText, Failure, type Status, status } from '../failure.ts';

/** By SQLite's primary result code; any other one is unavailable. */
const statuses: Record<number, Status> = {
  5: status.temporary, // BUSY
  6: status.temporary, // LOCKED
  15: status.temporary, // PROTOCOL: too many others open it at once
  10: status.io, // IOERR
  13: status.io, // FULL
};

/**
 * Does the work again while another process is in the way: SQLite's own waiting leaves out some moments, and signals.
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
    isTransient: (error) => statusOf(error) === status.temporary,
  });
}

/**
 * The Failure for an error of SQLite, or a Failure with the address before it. Any other error is a bug, and is returned as
 * it is.
 */
export function sqliteFailure(address: string, error: unknown): unknown {
  if (error instanceof Failure) return new Failure(error.status, `${address}: ${error.message}`);
  const code = statusOf(error);
  if (code === undefined) return error;
  const system = getSystemErrorMap().get(-(numberIn(error, 'systemErrno') ?? 0))?.[1];
  const text = code === status.temporary ? 'busy: another process has locked it' : errorText(error);
  return new Failure(code, `${address}: ${text}${system === undefined ? '' : `: ${system}`}`, {
    cause: error,
  });
}

/** Whether SQLite could not write a file, or create it. */
export function isReadOnly(error: unknown): boolean {
  const code = numberIn(error, 'errcode');
  return code !== undefined && [8, 14].includes(code & 0xff);
}

function statusOf(error: unknown): Status | undefined {
  const code = numberIn(error, 'errcode');
  return code === undefined ? undefined : (statuses[code & 0xff] ?? status.unavailable);
}

function numberIn(error: unknown, name: string): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : undefined;
}
