/** Runs the real programs with real pipes in private folders. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { isThorough } from './thorough.ts';

/** The project's folder, with a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url));
/** The folder of the launchers. */
export const bin = join(root, 'bin');

/** How a program ended, with all of its output. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start a program. */
export interface RunOptions {
  readonly cwd?: string;
  /** All of its stdin; empty by default. */
  readonly stdin?: string | Buffer;
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The user and group to run as. */
  readonly uid?: number;
}

/** Runs a tool to completion: `await run('get-stats', ['-w', '1h'], { stdin })`. */
export function run(tool: string, words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(tool, words, options);
  child.stdin?.end(options.stdin ?? '');
  return ended(child);
}

/** Starts a tool: write to its stdin, kill it, then await `ended`. */
export function start(tool: string, words: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawnIn(join(bin, tool), words, options);
}

/** Runs a bash command line to completion, with the tools on its PATH and pipefail on. */
export function shell(command: string, options: RunOptions = {}): Promise<Ended> {
  const child = spawnIn('bash', ['-o', 'pipefail', '-c', command], options);
  child.stdin?.end(options.stdin ?? '');
  return ended(child);
}

function spawnIn(command: string, words: readonly string[], { cwd, env, uid }: RunOptions): ChildProcess {
  const child = spawn(command, words, {
    cwd,
    // A clean environment, so that tests do not depend on the caller's.
    env: {
      PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: '/nonexistent',
      LC_ALL: 'C.UTF-8',
      ...coverage(),
      ...env,
    },
    ...(uid !== undefined && { uid, gid: uid }),
  });
  // A tool may exit before it has read all of its input.
  child.stdin?.on('error', () => {});
  return child;
}

function coverage(): Record<string, string> {
  const folder = process.env.NODE_V8_COVERAGE;
  // Coverage of code from Node's compile cache is inexact.
  return folder ? { NODE_V8_COVERAGE: folder, NODE_DISABLE_COMPILE_CACHE: '1' } : {};
}

/** Waits for a program to end, and collects its output. */
export function ended(child: ChildProcess): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({
        status,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

/** Starts a process that holds the lock of a path until it is released or killed, or the test ends. */
export async function holdLock(path: string) {
  const child = existsSync('/usr/bin/flock')
    ? spawn('/usr/bin/flock', [path, 'sh', '-c', 'echo locked; exec cat'])
    : spawn(process.execPath, ['--input-type=module', '-e', LOCKER, path], { cwd: root });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('close', () => reject(new Error('the lock was not taken')));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = (work: () => void) => async () => {
    work();
    await closed;
  };
  onTestFinished(end(() => child.stdin.end()));
  return {
    release: end(() => child.stdin.end()),
    // All processes that inherited the lock hold it: flock and its cat.
    kill: end(() => child.kill('SIGKILL') && child.stdin.end()),
  };
}

const LOCKER = `
  import koffi from 'koffi';
  import { openSync } from 'node:fs';
  koffi.load(null).func('int flock(int, int)')(openSync(process.argv[1], 'a'), 2);
  console.log('locked');
  process.stdin.resume();
`;

/** Shorter than the time limit of a test. */
const DEADLINE_MS = isThorough ? 300_000 : 150_000;

/**
 * Waits until a condition holds. The deadline only separates slow machines from broken programs.
 *
 * @param what a description of the condition
 * @throws Error after the deadline
 */
export async function until(holds: () => boolean, what: string, deadlineMs = DEADLINE_MS): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const begun = performance.now();
    if (holds()) return;
    if (begun > deadline) throw new Error(`still not: ${what}`);
    // Expensive checks run less often, to leave the machine to the awaited program.
    await sleep(Math.max(5, performance.now() - begun));
  }
}

/** An empty folder, removed after the test. Not for concurrent tests: vitest would use the last one started. */
export async function privateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'etlutils-'));
  // A process that was just killed may still create a file in it.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}
