/**
 * Starts a program in a session and process group of its own, so that signals to us do not reach it, and that it can be killed
 * with all its children. Its output comes through pipes, not through Node's usual sockets: a script cannot open those as
 * /dev/stderr.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode, errorText, Failure, status, storageStatus } from '../failure.ts';
import { tryToClose } from '../files/remove.ts';
import { openPipe } from '../files/system-calls.ts';
import { openBatch } from './batch-input.ts';
import { type Command, type CommandEnd, signalStatus } from './command.ts';

/** The descriptor through which a command holds a lease: shells and scripts use lower ones, those with flock(1) often 9. */
const LEASE_DESCRIPTOR = 7;

/** PIDs of children that Node has not reaped yet. */
const running = new Set<number>();

/** Whether a process was started here, so that Node must reap it. */
export function isOurs(pid: number): boolean {
  return running.has(pid);
}

/** What a program is started with. */
export interface StartOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its whole input; `inherit` for the stdin of this process; `ignore` for none. */
  readonly stdin: readonly Buffer[] | 'inherit' | 'ignore';
  /** Working directory; undefined for ours. */
  readonly cwd?: string;
  /** A locked descriptor that all processes of the command inherit. */
  readonly lease?: number;
}

/** A program that was started, or could not be. */
export interface Started {
  /** The system's error if it could not be started. */
  readonly child: ChildProcess | Error;
  /** The read ends of the pipes. */
  readonly stdout: number;
  readonly stderr: number;
}

/** @throws Failure (I/O, temporary) if pipes, or the file for its input, cannot be created */
export async function startCommand(
  [program, ...words]: Command,
  { stdin, lease, env, cwd }: StartOptions,
): Promise<Started> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const pipe = async () => {
    const { read, write } = await openPipe();
    ours.push(read);
    theirs.push(write);
    return { read, write };
  };
  try {
    const input = typeof stdin === 'string' ? stdin : openBatch(stdin);
    if (typeof input === 'number') theirs.push(input);
    const [stdout, stderr] = [await pipe(), await pipe()];
    const between = Array<'ignore'>(LEASE_DESCRIPTOR - 3).fill('ignore');
    const stdio = [input, stdout.write, stderr.write, ...(lease === undefined ? [] : [...between, lease])];
    const child = spawned(program, words, { env, stdio, ...(cwd !== undefined && { cwd }) });
    return { child, stdout: stdout.read, stderr: stderr.read };
  } catch (error) {
    for (const descriptor of ours) tryToClose(descriptor);
    throw error;
  } finally {
    for (const descriptor of theirs) tryToClose(descriptor);
  }
}

interface SpawnOptions extends Pick<StartOptions, 'env' | 'cwd'> {
  readonly stdio: ('inherit' | 'ignore' | number)[];
}

function spawned(program: string, words: string[], options: SpawnOptions): ChildProcess | Error {
  try {
    const child = spawn(program, words, { detached: true, ...options });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    child.once('exit', () => pid !== undefined && running.delete(pid));
    return child;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return error as Error;
  }
}

/** How it ended. @throws Failure (temporary) when the system can start no program */
export async function endOf(child: ChildProcess | Error): Promise<Omit<CommandEnd, 'wasStopped'>> {
  if (child instanceof Error) return notStarted(child);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        const end = signal === null ? { status: code ?? 0 } : { status: signalStatus(signal), signal };
        resolve({ ...end, stderr: '' });
      });
    });
  } catch (error) {
    return notStarted(error);
  }
}

/** @throws Failure (temporary) when the command is not to blame */
function notStarted(error: unknown): { status: number; stderr: string } {
  const code = errorCode(error);
  if (code === undefined) throw error;
  const text = errorText(error);
  if (storageStatus(code) === status.temporary)
    throw new Failure(status.temporary, `cannot start a program: ${text}`, { cause: error });
  return { status: code === 'ENOENT' ? 127 : 126, stderr: text };
}
