/** Classifies errors of Postgres: who is to blame, whether a retry may help, and the message. */

import { BadRows, errorCode, errorText, Failure, failureAt, type Status, status } from '../failure.ts';

/** Five characters; the first two are the class. Each has a digit, unlike EPIPE. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** By code or by class: bad rows, temporary, or an I/O error. All others mean that the database is not set up. */
const kinds: Readonly<Record<string, 'rows' | Status>> = {
  '08': status.temporary, // connection lost
  '22': 'rows', // a value of the wrong type, or out of range
  '23': 'rows', // a constraint
  '25006': status.temporary, // read-only during a failover
  '25P03': status.temporary, // idle-in-transaction timeout
  '40': status.temporary, // serialization failure, deadlock
  '44': 'rows', // WITH CHECK OPTION of a view
  '53': status.temporary, // out of resources
  '53100': status.io, // disk full
  '54': 'rows', // too large for an index, too many columns
  '54001': status.unavailable, // stack depth limit
  '55006': status.temporary, // in use
  '55P03': status.temporary, // locked
  '57': status.temporary, // shutting down, or not yet started
  '58': status.temporary, // system error
  '58030': status.io, // I/O error
  P0001: 'rows', // raised by a trigger
  EAI_AGAIN: status.temporary,
  ECONNREFUSED: status.temporary,
  ECONNRESET: status.temporary,
  EHOSTUNREACH: status.temporary,
  EMFILE: status.temporary,
  ENETUNREACH: status.temporary,
  ENFILE: status.temporary,
  ENOENT: status.temporary, // no Unix socket
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
 * The Failure for an error of the server, the library or the system, prefixed with the address; BadRows when the rows
 * are to blame. Any other error is a bug, and is returned unchanged.
 *
 * @param address as shown to the user, without a password
 */
export function postgresFailure(address: string, error: unknown, note = ''): unknown {
  if (error instanceof Failure) return failureAt(address, error, note);
  const code = errorCode(error);
  if (code === undefined && !isLost(error)) return error;
  const text = code === undefined ? 'connection lost' : (phrases[code] ?? errorText(error));
  const message = `${address}: ${note}${text}`;
  const kind = code === undefined ? status.temporary : kindOf(code);
  if (kind === 'rows') return new BadRows(message, { cause: error });
  return new Failure(kind, message, { cause: error });
}

function kindOf(code: string): 'rows' | Status {
  const ofClass = SQLSTATE.test(code) ? kinds[code.slice(0, 2)] : undefined;
  return kinds[code] ?? ofClass ?? status.unavailable;
}

/** Whether an error is not an answer of the server, so that the outcome is unknown. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof BadRows) return false;
  const code = errorCode(error) ?? '';
  return !SQLSTATE.test(code) || code.startsWith('08') || code.startsWith('57P');
}

/** Whether the connection was lost: the library's error for that has no code. */
function isLost(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection terminated|Client (was closed|has encountered))/.test(error.message)
  );
}
