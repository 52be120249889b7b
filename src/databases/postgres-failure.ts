/** Failures of a Postgres database: what each says about the rows and the database, and their messages. */

import { BadRows, errorCode, errorText, Failure, failureAt, type Status, status } from '../failure.ts';

/** Five characters, of which two are the class. None is without a digit, as EPIPE is. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** By the code, or by its class: the rows are bad, not now, or the disk is full. All others: it is not set up. */
const kinds: Readonly<Record<string, 'rows' | Status>> = {
  '08': status.temporary, // connection lost
  '22': 'rows', // a value is not of its type, or too large
  '23': 'rows', // a constraint
  '25006': status.temporary, // read-only for now: another server takes over
  '25P03': status.temporary, // idle in its transaction for too long
  '40': status.temporary, // rolled back in favour of another
  '44': 'rows', // the check of a view
  '53': status.temporary, // out of resources
  '53100': status.io, // disk full
  '54': 'rows', // too large for an index, too many columns
  '54001': status.unavailable, // too deep for the server's stack
  '55006': status.temporary, // in use
  '55P03': status.temporary, // locked
  '57': status.temporary, // told to stop, or not yet started
  '58': status.temporary, // trouble of the system
  '58030': status.io, // its disk
  P0001: 'rows', // raised by a trigger
  EAI_AGAIN: status.temporary,
  ECONNREFUSED: status.temporary,
  ECONNRESET: status.temporary,
  EHOSTUNREACH: status.temporary,
  EMFILE: status.temporary,
  ENETUNREACH: status.temporary,
  ENFILE: status.temporary,
  ENOENT: status.temporary, // its socket
  ENOMEM: status.temporary,
  ENOTFOUND: status.temporary,
  EPIPE: status.temporary,
  ETIMEDOUT: status.temporary,
};

const phrases: Readonly<Record<string, string>> = {
  '55P03': 'busy: another process has locked it',
  ENOENT: 'no server at its socket',
};

/**
 * The Failure for an error of the server, the library or the system, or a Failure with the address before it: BadRows when
 * the rows are to blame. Any other error is a bug, and is returned as it is.
 *
 * @param address as it is shown
 */
export function postgresFailure(address: string, error: unknown, note = ''): unknown {
  if (error instanceof Failure) return failureAt(address, error, note);
  const code = errorCode(error);
  if (code === undefined && !isLost(error)) return error;
  const text = code === undefined ? 'connection broke off' : (phrases[code] ?? errorText(error));
  const message = `${address}: ${note}${text}`;
  const kind = code === undefined ? status.temporary : kindOf(code);
  if (kind === 'rows') return new BadRows(message, { cause: error });
  return new Failure(kind, message, { cause: error });
}

function kindOf(code: string): 'rows' | Status {
  const ofClass = SQLSTATE.test(code) ? kinds[code.slice(0, 2)] : undefined;
  return kinds[code] ?? ofClass ?? status.unavailable;
}

/** Whether an error is not the server's answer, so that nobody knows what it did. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof BadRows) return false;
  const code = errorCode(error) ?? '';
  return !SQLSTATE.test(code) || code.startsWith('08') || code.startsWith('57P');
}

/** Whether the connection was lost, for which the library has no codes. */
function isLost(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection terminated|Client (was closed|has encountered))/.test(error.message)
  );
}
