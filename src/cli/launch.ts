/**
 * Runs a tool as a process that handles stdin, stdout, stderr, signals and its exit status as a good Unix citizen.
 *
 * After a signal the tool finishes its line, releases its locks and removes its temporary files. Then the process kills
 * itself with the same signal, so that the shell sees 128+n.
 */

import { isUtf8 } from 'node:buffer';
import { createReadStream, fstatSync, readFileSync, statSync, writeSync } from 'node:fs';
import { status } from '../failure.ts';
import type { OpenFile } from '../files/byte-source.ts';
import { identityOf } from '../files/command-files.ts';
import { readableSize, readChunks } from '../files/read-chunks.ts';
import type { ByteStream } from './input.ts';
import { Pipe } from './pipe.ts';
import { runTool } from './run.ts';
import { stdoutIsBroken, writeStdout } from './stdout.ts';
import type { Tool } from './tool.ts';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
/** How long a tool may take to end after a signal, unless it declares `graceMs`. */
const GRACE_MS = 2000;

/** The signals that end a tool, and their numbers. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
const ENDING = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Runs a tool with the arguments of the process, and sets the exit status; after a signal the process dies by that signal. */
export async function launch(tool: Tool): Promise<void> {
  const interrupted = new AbortController();
  const insisted = new AbortController();
  let signalName: keyof typeof SIGNALS | undefined;
  let hasTime = false;
  const dieBySignal = () => {
    if (signalName === undefined) return;
    process.removeAllListeners(signalName);
    process.kill(process.pid, signalName);
    // Signals do not kill PID 1, the first process of a container. This is just as abrupt: it waits for nothing.
    if (process.pid === 1) process.exit(128 + SIGNALS[signalName]);
  };
  for (const name of ENDING) {
    if (name === 'SIGHUP' && tool.reloads) continue;
    process.on(name, () => {
      if (signalName !== undefined && (!hasTime || insisted.signal.aborted)) return dieBySignal();
      if (signalName !== undefined) return insisted.abort(new Error(name));
      signalName = name;
      interrupted.abort(new Error(name));
      // A tool that runs a command gives it the time it needs.
      if (!hasTime) setTimeout(dieBySignal, tool.graceMs ?? GRACE_MS).unref();
    });
  }
  // A SIGHUP before the tool listens needs no action: it has read no files yet. Without a handler it would kill.
  if (tool.reloads) process.on('SIGHUP', () => {});
  // If the promise below never settles, Node exits normally: then this status shows the bug.
  process.exitCode = status.software;
  process.exitCode = await runTool(tool, {
    words: process.argv.slice(2),
    wordsAreExact,
    env: process.env,
    openStdin,
    stdinPipe,
    stdinFile,
    writeStdout,
    stdoutIsBroken,
    writeStderr,
    streamIdentity: (stream) => identityOf(fstatSync(stream === 'stdin' ? STDIN : STDOUT, { bigint: true })),
    stdoutIsTerminal: await isTerminal(STDOUT),
    stdoutColumns: () => process.stdout.columns ?? 0,
    stdoutRows: () => process.stdout.rows ?? 0,
    stderrIsTerminal: await isTerminal(STDERR),
    signal: interrupted.signal,
    insist: insisted.signal,
    onHangup: (listener) => {
      if (tool.reloads) process.on('SIGHUP', listener);
    },
    giveTime: () => {
      hasTime = true;
    },
    now: Date.now,
  });
  dieBySignal();
}

/** Assumed where the system has no /proc. */
function wordsAreExact(): boolean {
  try {
    return isUtf8(readFileSync('/proc/self/cmdline'));
  } catch {
    return true;
  }
}

/** Asks the system first: node:tty pulls in the network modules, needlessly for a pipe, a file or /dev/null. */
async function isTerminal(descriptor: number): Promise<boolean> {
  const stat = fstatSync(descriptor);
  if (!stat.isCharacterDevice() || stat.rdev === statSync('/dev/null').rdev) return false;
  const { isatty } = await import('node:tty');
  return isatty(descriptor);
}

/** Does not rely on process.stdin alone: it takes a folder for an empty file. */
function openStdin(): ByteStream {
  const stat = fstatSync(STDIN);
  if (stat.isFile()) return readChunks(STDIN, readableSize(stat.size) - (offsetOf(STDIN) ?? 0));
  if (stat.isDirectory()) return createReadStream('', { fd: STDIN });
  return stdinPipe() ?? process.stdin;
}

function stdinPipe(): Pipe | undefined {
  return fstatSync(STDIN).isFIFO() ? new Pipe(STDIN, () => process.stdin) : undefined;
}

function stdinFile(): OpenFile | undefined {
  const stat = fstatSync(STDIN);
  // Files in /proc have size 0.
  const start = stat.isFile() && stat.size > 0 ? offsetOf(STDIN) : undefined;
  return start === undefined ? undefined : { descriptor: STDIN, start, end: stat.size };
}

/** The file offset of a descriptor, which Node does not expose; undefined where the system has no /proc. */
function offsetOf(descriptor: number): number | undefined {
  try {
    const offset = /^pos:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return offset === undefined ? undefined : Number(offset);
  } catch {
    return undefined;
  }
}

function writeStderr(text: string | Buffer): void {
  try {
    // What stderr does not accept at once is lost: a message is not worth blocking for.
    if (typeof text === 'string') writeSync(STDERR, text);
    else writeSync(STDERR, text);
  } catch {
    // There is nowhere left to report it.
  }
}
