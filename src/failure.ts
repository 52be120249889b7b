/**
 * Expected failures and their exit statuses.
 *
 * A Failure ends a tool with one line on stderr and its status; any other error is a bug and is shown with its stack.
 */

/** The exit statuses, numbered as in BSD's sysexits.h. */
export const status = {
  ok: 0,
  /** A check found a limit exceeded. */
  breach: 1,
  /** The same, and worse. */
  critical: 2,
  /** A check could not be made, so that nobody knows. */
  unknown: 3,
  /** Bad option or operand: nothing was read, nothing was written. */
  usage: 64,
  /** Some input was rejected and --strict asked to say so, or none of the input could be used. */
  data: 65,
  /** A named file is missing or unreadable, or a stage that must have input got none. */
  noInput: 66,
  /** A sensor or store refused: trying again is useless. */
  unavailable: 69,
  /** A bug. */
  software: 70,
  /** Reading or writing failed part-way. */
  io: 74,
  /** Try again later: nothing was acknowledged, nothing was lost. */
  temporary: 75,
  /** A file or a setting that is needed is wrong: a crontab, a state, another program's file. */
  config: 78,
} as const;

export type Status = (typeof status)[keyof typeof status];

/** An expected error: its message is one line for the user, its status how the tool ends. */
export class Failure extends Error {
  /** One of `status`, or that of a command which the tool has run. */
  readonly status: number;

  constructor(status: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.status = status;
  }
}

/**
 * The failure of these rows: whenever they come again they are refused again, while others are taken. Every other failure
 * is one of the store, and rows wait for its end:
 *
 *   unavailable  it may not be used, or is not set up      io  its disk is full or broken      temporary  not now
 */
export class BadRows extends Failure {
  constructor(message: string, options: { cause?: unknown; status?: number } = {}) {
    super(options.status ?? status.unavailable, message, options);
  }
}

/** The failure of a store with its address before the message, of the same kind. */
export function failureAt(address: string, failure: Failure, note = ''): Failure {
  const message = `${address}: ${note}${failure.message}`;
  if (failure instanceof BadRows) return new BadRows(message, { cause: failure, status: failure.status });
  return new Failure(failure.status, message, { cause: failure });
}

/** Whether it is a failure after which trying again may help (75). */
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
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_SOCKET: 'connection broke off',
};

/** An error in words for a message: those of strerror(3) for a system error, otherwise the first line of its own. */
export function errorText(error: unknown): string {
  const code = errorCode(error);
  if (code !== undefined && Object.hasOwn(phrases, code)) return systemText(code);
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

/** The code of a system error in words. */
export function systemText(code: string): string {
  return phrases[code] ?? code;
}

const notSetUp = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR'],
  ...['ELOOP', 'ENAMETOOLONG', 'ENODEV', 'ENXIO'],
]);
const notNow = new Set(['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY']);

/** What the code of a system error says about a store on this machine: it is not set up, not now, or its disk fails. */
export function storageStatus(code: string): Status {
  if (notSetUp.has(code)) return status.unavailable;
  return notNow.has(code) ? status.temporary : status.io;
}

const missing = new Set(['EBADF', 'ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** A failure to read `name`: 66 when it is missing or cannot be opened, 74 when reading failed part-way, 75 without a free descriptor. */
export function readFailure(name: string, error: unknown): unknown {
  return toFailure(name, error, missing.has(errorCode(error) ?? '') ? status.noInput : status.io);
}

/** A failure to write `name`: 74, for a full disk and a read-only folder alike; 75 without a free descriptor. */
export function writeFailure(name: string, error: unknown): unknown {
  return toFailure(name, error, status.io);
}

/** What a process runs out of, whatever the file: a later try may succeed. */
const scarce = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Whether a system error says that the process has run out of something, so that a later try may succeed. */
export function isScarce(error: unknown): boolean {
  return scarce.has(errorCode(error) ?? '');
}

/** A Failure and a bug stay as they are. */
function toFailure(name: string, error: unknown, code: Status): unknown {
  if (error instanceof Failure || errorCode(error) === undefined) return error;
  return new Failure(isScarce(error) ? status.temporary : code, `${name}: ${errorText(error)}`, {
    cause: error,
  });
}
