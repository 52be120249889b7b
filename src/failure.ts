/**
 * Expected failures and their exit statuses.
 *
 * A Failure ends a tool with one line on stderr and its status; any other error is a bug and is shown with its stack.
 */

/** The exit statuses, numbered as in BSD's sysexits.h. */
export const status = {
  ok: 0,
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
} as const;

export type Status = (typeof status)[keyof typeof status];

/** An expected error: its message is one line for the user, its status how the tool ends. */
export class Failure extends Error {
  readonly status: Status;

  constructor(status: Status, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.status = status;
  }
}

/** Refused whatever the input is, until somebody changes a setting: input that waits goes on waiting. */
export class NotSetUp extends Failure {
  constructor(message: string, options?: { cause?: unknown }) {
    super(status.unavailable, message, options);
  }
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
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'not an address of this machine',
  EBADF: 'bad file descriptor',
  EBUSY: 'device or resource busy',
  EFBIG: 'file too large',
  EIO: 'input/output error',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENODEV: 'no such device',
  ENOENT: 'no such file or directory',
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
  const phrase = phrases[errorCode(error) ?? ''];
  if (phrase !== undefined) return phrase;
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

const missing = new Set(['EBADF', 'ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** A failure to read `name`: 66 when it is missing or cannot be opened, 74 when reading failed part-way. */
export function readFailure(name: string, error: unknown): unknown {
  return toFailure(name, error, missing.has(errorCode(error) ?? '') ? status.noInput : status.io);
}

/** A failure to write `name`: always 74, for a full disk and a read-only folder alike. */
export function writeFailure(name: string, error: unknown): unknown {
  return toFailure(name, error, status.io);
}

/** A Failure and a bug stay as they are. */
function toFailure(name: string, error: unknown, code: Status): unknown {
  if (error instanceof Failure || errorCode(error) === undefined) return error;
  return new Failure(code, `${name}: ${errorText(error)}`, { cause: error });
}
