/** Runs the real programs with real pipes in a private folder, and says how they ended. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const bin = join(root, 'bin');

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting {
  readonly cwd?: string;
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

/** A tool with these words: `await run('get-stats', ['-w', '1h'], { stdin })`. */
export function run(tool: string, words: readonly string[], setting: Setting = {}): Promise<Ended> {
  const child = start(tool, words, setting);
  child.stdin?.end(setting.stdin ?? '');
  return ended(child);
}

/** A tool that goes on running: write to its stdin, kill it, then await `ended`. */
export function start(tool: string, words: readonly string[], setting: Setting = {}): ChildProcess {
  return spawnIn(join(bin, tool), words, setting);
}

/** A bash command line with the tools on its PATH, and pipefail on. */
export function shell(command: string, setting: Setting = {}): Promise<Ended> {
  const child = spawnIn('bash', ['-o', 'pipefail', '-c', command], setting);
  child.stdin?.end(setting.stdin ?? '');
  return ended(child);
}

function spawnIn(command: string, words: readonly string[], { cwd, env, uid }: Setting): ChildProcess {
  const child = spawn(command, words, {
    cwd,
    // A clean environment, so that nothing of the caller's shows through.
    env: {
      PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: '/nonexistent',
      LC_ALL: 'C.UTF-8',
      ...coverage(),
      ...env,
    },
    ...(uid !== undefined && { uid, gid: uid }),
  });
  // A tool may end before it has read all its input.
  child.stdin?.on('error', () => {});
  return child;
}

function coverage(): Record<string, string> {
  const folder = process.env.NODE_V8_COVERAGE;
  // Of code that comes from Node's cache the counts are not exact.
  return folder ? { NODE_V8_COVERAGE: folder, NODE_DISABLE_COMPILE_CACHE: '1' } : {};
}

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

/** A process that holds the lock of a path until it is released or killed. */
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
    // The lock is of all who inherited it: flock and its cat.
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

/** Waits until it is so; a deadline tells a slow machine from a broken program. */
export async function until(isSo: () => boolean, what: string, deadlineMs = 30_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`still not: ${what}`);
    await sleep(5);
  }
}

/** An empty folder that is gone after the test. Not for concurrent tests: vitest takes the last one that began for its own. */
export async function privateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'etlutils-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
