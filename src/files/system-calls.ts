/** System calls that Node does not offer, made through koffi. */

import { getSystemErrorMap } from 'node:util';
import { Failure, status } from '../failure.ts';

/** From the system headers; the same on all supported processors. */
const CLOSE_ON_EXEC = 0o2000000;
const POLL_ERROR = 8;
const POLL_HANG_UP = 16;
const DO_NOT_WAIT = 1;

interface SystemCalls {
  /** flock(2). @returns 0, or -1 when `errno` says why */
  flock(descriptor: number, operation: number): number;
  /** pipe(2), close-on-exec. @returns 0, or -1 when `errno` says why */
  pipe(descriptors: Int32Array): number;
  /** poll(2). @returns the number of descriptors with events, or -1 when `errno` says why */
  poll(descriptors: Int16Array, count: number, timeoutMs: number): number;
  /** waitpid(2) without blocking, to reap an ended child. Not for children that Node has spawned: Node reaps them. */
  reap(pid: number): void;
  /** Memory page size in bytes. */
  pageBytes(): number;
  errno(): number;
}

let loaded: SystemCalls | undefined;

/** The calls, loaded once. */
export async function systemCalls(): Promise<SystemCalls> {
  loaded ??= await load();
  return loaded;
}

async function load(): Promise<SystemCalls> {
  const koffi = await loadKoffi();
  const library = koffi.load(null);
  const flock: SystemCalls['flock'] = library.func('int flock(int, int)');
  const poll: SystemCalls['poll'] = library.func('int poll(short *, unsigned long, int)');
  const waitpid: (pid: number, end: null, options: number) => number = library.func(
    'int waitpid(int, int *, int)',
  );
  const reap = (pid: number): void => void waitpid(pid, null, DO_NOT_WAIT);
  const pageBytes: SystemCalls['pageBytes'] = library.func('int getpagesize(void)');
  return { flock, pipe: pipeOf(library), poll, reap, pageBytes, errno: koffi.errno };
}

function pipeOf(library: ReturnType<typeof import('koffi')['default']['load']>): SystemCalls['pipe'] {
  // macOS has no pipe2(2), and needs none: there libuv spawns with close-on-exec as the default.
  if (process.platform === 'darwin') return library.func('int pipe(int *)');
  const pipe2: (descriptors: Int32Array, flags: number) => number = library.func('int pipe2(int *, int)');
  return (descriptors) => pipe2(descriptors, CLOSE_ON_EXEC);
}

/** Loads only koffi's native module, if it is in npm's usual folder: loading the rest would double the time. */
async function loadKoffi(): Promise<typeof import('koffi')['default']> {
  try {
    return (await import(`@koromix/koffi-${process.platform}-${process.arch}`)).default;
  } catch {
    return (await import('koffi')).default;
  }
}

/** An anonymous pipe: the descriptors of its two ends. @throws Failure (temporary) when the descriptor limit is reached */
export async function openPipe(): Promise<{ readonly read: number; readonly write: number }> {
  const calls = await systemCalls();
  const descriptors = new Int32Array(2);
  if (calls.pipe(descriptors) !== 0) {
    const code = calls.errno();
    throw new Failure(status.temporary, `cannot make a pipe: ${errnoText(code)}`);
  }
  const [read = -1, write = -1] = descriptors;
  return { read, write };
}

/** Whether the other end of a pipe or socket is closed. */
export async function isBroken(descriptor: number): Promise<boolean> {
  const calls = await systemCalls();
  // struct pollfd: int fd, short events, short revents. POLLERR and POLLHUP are reported without being requested.
  const entry = new Int16Array(4);
  new Int32Array(entry.buffer, 0, 1)[0] = descriptor;
  return calls.poll(entry, 1, 0) > 0 && ((entry[3] ?? 0) & (POLL_ERROR | POLL_HANG_UP)) !== 0;
}

/** The text of an error number. */
export function errnoText(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[1] ?? String(errno);
}

/** The name of an error number, such as `EINTR`; undefined for an unknown one. */
export function errnoName(errno: number): string | undefined {
  return getSystemErrorMap().get(-errno)?.[0];
}
