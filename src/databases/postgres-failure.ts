/** Errors of a Postgres database: which are transient, and which will come again. */

import { errorCode, errorText, Failure, status } from '../failure.ts';

/** Five characters, of which two are the class. None is without a digit, as EPIPE is. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** Connection lost, rolled back in favour of another, out of resources, told to stop, trouble of the system. */
const transientClasses = new Set(['08', '40', '53', '57', '58']);

const transientCodes = new Set([
  '25006', // read-only for now: another server takes over
  '25P03', // idle in its transaction for too long
  '55006', // in use
  '55P03', // locked
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT', // its socket
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

const phrases: Readonly<Record<string, string>> = {
  '55P03': 'busy: another process has locked it',
  ENOENT: 'no server at its socket',
};

/**
 * The Failure for an error of the server, the library or the system, or a Failure with the address before it: temporary
 * for a transient error, else unavailable. Any other error is a bug, and is returned as it is.
 *
 * @param address as it is shown
 */
export function postgresFailure(address: string, error: unknown, note = ''): unknown {
  if (error instanceof Failure)
    return new Failure(error.status, `${address}: ${note}${error.message}`, { cause: error });
  const code = errorCode(error);
  if (code === undefined && !isLost(error)) return error;
  const text = code === undefined ? 'connection broke off' : (phrases[code] ?? errorText(error));
  return new Failure(
    isTransient(code) ? status.temporary : status.unavailable,
    `${address}: ${note}${text}`,
    { cause: error },
  );
}

/** @param code undefined when the connection was lost */
function isTransient(code: string | undefined): boolean {
  if (code === undefined || transientCodes.has(code)) return true;
  return SQLSTATE.test(code) && transientClasses.has(code.slice(0, 2));
}

/** Whether an error is not the server's answer, so that nobody knows what it did. */
export function isUnanswered(error: unknown): boolean {
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
