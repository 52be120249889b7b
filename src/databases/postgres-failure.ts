/** What goes wrong with a Postgres database: what passes, and what will fail again. */

import { errorCode, errorText, Failure, status } from '../failure.ts';

/** Five characters, of which two are the class. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Connection lost, rolled back for another's sake, out of resources, told to stop, trouble of the system. */
const passingClasses = new Set(['08', '40', '53', '57', '58']);

const passing = new Set([
  '25006', // only to be read for now: another server takes over
  '25P03', // stood still for too long
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

/** With the address before it; a bug stays what it is. */
export function postgresFailure(address: string, error: unknown, note = ''): unknown {
  if (error instanceof Failure)
    return new Failure(error.status, `${address}: ${note}${error.message}`, { cause: error });
  const code = errorCode(error);
  if (code === undefined && !isLost(error)) return error;
  const passes = code === undefined || passing.has(code) || passingClasses.has(sqlClass(code));
  const text = code === undefined ? 'connection broke off' : (phrases[code] ?? errorText(error));
  return new Failure(passes ? status.temporary : status.unavailable, `${address}: ${note}${text}`, {
    cause: error,
  });
}

/** Whether it is not the server's answer: nobody knows what it did. */
export function isUnanswered(error: unknown): boolean {
  const code = sqlState(error) ?? '';
  return code === '' || code.startsWith('08') || code.startsWith('57P');
}

/** The code of an error that the server said. */
export function sqlState(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && SQLSTATE.test(code) ? code : undefined;
}

function sqlClass(code: string): string {
  return SQLSTATE.test(code) ? code.slice(0, 2) : '';
}

/** The library has no codes for these. */
function isLost(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection terminated|Client (was closed|has encountered))/.test(error.message)
  );
}
