/**
 * Expected failures and their exit statuses.
 *
 * A Failure ends a tool with one line on stderr and its status; any other error is a bug and is shown with its stack.
 */

/** The exit statuses; from 64 on, the numbers of BSD's sysexits.h. */
export const status = {
  ok: 0,
  /** A check found a limit exceeded. */
  breach: 1,
  /** A breach that was declared critical. */
  critical: 2,
  /** A check could not be made. */
  unknown: 3,
  /** Bad option or operand: nothing was read, nothing was written. */
  usage: 64,
  /** Some input was rejected under --strict, or all of it. */
  data: 65,
  /** A named file is missing or unreadable, or a stage that must have input got none. */
  noInput: 66,
  /** A sensor or store refused: retrying will not help. */
  unavailable: 69,
  /** A bug. */
  software: 70,
  /** Reading or writing failed part-way. */
  io: 74,
  /** Retry later: nothing was acknowledged, nothing was lost. */
  temporary: 75,
  /** A crontab, a state file, or another file or setting that the tool depends on is wrong. */
  config: 78,
} as const;

export type Status = (typeof status)[keyof typeof status];

/** An expected error: its message is one line for the user, its status the exit status of the tool. */
export class Failure extends Error {
  /** One of `status`, or the exit status of a command that the tool ran. */
  readonly status: number;

  constructor(status: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.status = status;
  }
}

/**
 * The rows themselves are at fault: the store refuses them on every retry, but accepts others. Every other failure is the
 * store's, and rows wait until it is over:
 *
 *   unavailable  not permitted, or not set up      io  its disk is full or broken      temporary  not now
 */
export class BadRows extends Failure {
  constructor(message: string, options: { cause?: unknown; status?: number } = {}) {
    super(options.status ?? status.unavailable, message, options);
  }
}

/** The same kind of failure, with the store's address before the message. */
export function failureAt(address: string, failure: Failure, note = ''): Failure {
  const message = `${address}: ${note}${failure.message}`;
  if (failure instanceof BadRows) return new BadRows(message, { cause: failure, status: failure.status });
  return new Failure(failure.status, message, { cause: failure });
}

/** Whether a retry may help (status 75). */
export function isTemporary(error: unknown): boolean {
  return error instanceof Failure && error.status === status.temporary;
}

/** The code of a system error such as ENOENT; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const phrases: Readonly<Record<string, string>> = {
  E2BIG: 'argument list or environment too long',
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'not an address of this machine',
  EBADF: 'bad file descriptor',
  EBUSY: 'device or resource busy',
  EFBIG: 'file too large',
  EINTR: 'interrupted system call',
  EIO: 'input/output error',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENODEV: 'no such device',
  ENFILE: 'too many open files in the system',
  ENOENT: 'no such file or directory',
  ENOMEM: 'out of memory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  EDQUOT: 'disk quota exceeded',
  EAI_AGAIN: 'name cannot be resolved for now',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ENOTFOUND: 'no such host',
  ETIMEDOUT: 'connection timed out',
};

/** The text of an error for a message: as strerror(3) for a system error, otherwise the first line of its message. */
export function errorText(error: unknown): string {
  const code = errorCode(error);
  if (code !== undefined && Object.hasOwn(phrases, code)) return systemText(code);
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

/** The text for a system error code. */
export function systemText(code: string): string {
  return phrases[code] ?? code;
}

const notSetUp = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR'],
  ...['ELOOP', 'ENAMETOOLONG', 'ENODEV', 'ENXIO'],
]);
const retryable = new Set(['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY']);

/** The status for a system error in local storage: not set up, try again later, or an I/O error. */
export function storageStatus(code: string): Status {
  if (notSetUp.has(code)) return status.unavailable;
  return retryable.has(code) ? status.temporary : status.io;
}

const missing = new Set(['EBADF', 'ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** A failure to read `name`: 66 if it is missing or cannot be opened, 74 if a read fails, 75 if descriptors or memory run out. */
export function readFailure(name: string, error: unknown): unknown {
  return toFailure(name, error, missing.has(errorCode(error) ?? '') ? status.noInput : status.io);
}

/** A failure to write `name`: 74, also for a full disk or a read-only folder; 75 if descriptors or memory run out. */
export function writeFailure(name: string, error: unknown): unknown {
  return toFailure(name, error, status.io);
}

/** Exhausted resources, unrelated to the file: a retry may succeed. */
const exhaustible = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Whether the process ran out of descriptors or memory, so that a retry may succeed. */
export function isScarce(error: unknown): boolean {
  return exhaustible.has(errorCode(error) ?? '');
}

/** Turns a system error into a Failure; returns a Failure or a bug unchanged. */
function toFailure(name: string, error: unknown, code: Status): unknown {
  if (error instanceof Failure || errorCode(error) === undefined) return error;
  return new Failure(isScarce(error) ? status.temporary : code, `${name}: ${errorText(error)}`, {
    cause: error,
  });
}
