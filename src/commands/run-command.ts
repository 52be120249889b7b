/**
 * Runs a command to its end, for all tools that must know whether what they handed on was used.
 *
 * It runs in a session and process group of its own, so that a signal to us does not reach it, and that it can be ended
 * with all its children. What it prints comes through pipes, not through sockets as Node would make them: a script may
 * write to /dev/stderr. A process that it leaves behind is not waited for.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { later } from '../async/later.ts';
import { errorCode, errorText, Failure, status, storageStatus } from '../failure.ts';
import { tryToClose } from '../files/remove.ts';
import { openPipe } from '../files/system-calls.ts';
import { openBatch } from './batch-input.ts';
import { type Command, type CommandEnd, signalStatus } from './command.ts';
import { Ladder, type Stop } from './ladder.ts';
import { PassedOn } from './passed-on.ts';

/** The descriptor by which a command holds a lease: the shell and scripts use lower ones, and flock(1) 9. */
const LEASE_DESCRIPTOR = 7;
/** Bytes of stderr that are kept. */
const LAST_WORDS = 500;

/** What a command is connected to. */
export interface Connections {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All of its input, in a file; `inherit`: it has the stdin of this process. */
  readonly stdin: readonly Buffer[] | 'inherit';
  /** Takes what it prints, chunk by chunk; when that fails, the command is ended. */
  stdout(chunk: Buffer): Promise<unknown>;
  /** Waits until what `stdout` took is written. */
  flush?(): Promise<unknown>;
  /** Takes what it prints on stderr. */
  stderr(chunk: Buffer): void;
  /** A locked descriptor: all processes of the command have it, and none of them knows. */
  readonly lease?: number;
  readonly stop: Stop;
}

/**
 * Runs a command. That it fails, cannot be found, or is killed is told by its end.
 *
 * After a stop its output is not waited for where nobody takes it: then it ends as if it were killed.
 *
 * @throws what `stdout` threw, after the command has ended; Failure (I/O, temporary) when the system can start no program
 */
export async function runCommand(command: Command, connections: Connections): Promise<CommandEnd> {
  const { child, stdout, stderr } = await start(command, connections);
  let said = Buffer.alloc(0);
  const output = new PassedOn(stdout, (chunk) => connections.stdout(chunk));
  const errors = new PassedOn(stderr, async (chunk) => {
    said = Buffer.concat([said, chunk]).subarray(-LAST_WORDS);
    connections.stderr(chunk);
  });
  const ladder = new Ladder(child, connections.stop);
  output.failed.catch(() => ladder.terminate());
  try {
    const end = await endOf(child);
    ladder.ended();
    const passed = later(Promise.all([output.rest(), errors.rest()]).then(() => connections.flush?.()));
    const isPassed = await Promise.race([passed.then(() => true), ladder.overdue.then(() => false)]);
    const stopped = isPassed ? {} : { status: signalStatus('SIGTERM') };
    return {
      ...{ ...end, ...stopped },
      wasStopped: ladder.isTerminating,
      stderr: end.stderr || said.toString(),
    };
  } finally {
    ladder.close();
    for (const pipe of [output, errors]) pipe.drop();
  }
}

interface Started {
  /** The error of the system when it cannot be started. */
  readonly child: ChildProcess | Error;
  /** The read ends of the pipes. */
  readonly stdout: number;
  readonly stderr: number;
}

/** @throws Failure (I/O, temporary) */
async function start([program, ...words]: Command, { stdin, lease, env }: Connections): Promise<Started> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const pipe = async () => {
    const { read, write } = await openPipe();
    ours.push(read);
    theirs.push(write);
    return { read, write };
  };
  try {
    const input = stdin === 'inherit' ? stdin : openBatch(stdin);
    if (input !== 'inherit') theirs.push(input);
    const [stdout, stderr] = [await pipe(), await pipe()];
    const between = Array<'ignore'>(LEASE_DESCRIPTOR - 3).fill('ignore');
    const stdio = [input, stdout.write, stderr.write, ...(lease === undefined ? [] : [...between, lease])];
    return { child: spawned(program, words, env, stdio), stdout: stdout.read, stderr: stderr.read };
  } catch (error) {
    for (const descriptor of ours) tryToClose(descriptor);
    throw error;
  } finally {
    for (const descriptor of theirs) tryToClose(descriptor);
  }
}

function spawned(
  program: string,
  words: string[],
  env: Connections['env'],
  stdio: ('inherit' | 'ignore' | number)[],
): ChildProcess | Error {
  try {
    return spawn(program, words, { detached: true, env, stdio });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return error as Error;
  }
}

/** How it ended. @throws Failure (temporary) when the system can start no program */
async function endOf(child: ChildProcess | Error): Promise<Omit<CommandEnd, 'wasStopped'>> {
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

/** @throws Failure (temporary) when it is not because of the command */
function notStarted(error: unknown): { status: number; stderr: string } {
  const code = errorCode(error);
  if (code === undefined) throw error;
  const text = errorText(error);
  if (storageStatus(code) === status.temporary)
    throw new Failure(status.temporary, `no program can be started: ${text}`, { cause: error });
  return { status: code === 'ENOENT' ? 127 : 126, stderr: text };
}
