/**
 * Writes to stdout, but not with process.stdout: that blocks the event loop while the reader of a pipe is slow, and a blocked
 * loop handles no signals.
 *
 * What stdout accepts without blocking is written synchronously, since using a thread takes longer than most writes; a thread
 * waits to write the rest.
 */

import { constants, fstatSync, statSync, write, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../failure.ts';
import { openAgain } from '../files/reopen.ts';
import { isBroken } from '../files/system-calls.ts';
import { StdoutError } from './output.ts';

const STDOUT = 1;

/** A descriptor of stdout that does not block, or undefined if there is none. Set by the first write. */
let ready: { readonly descriptor: number | undefined } | undefined;

/** Resolves once the operating system has taken all bytes. @throws StdoutError */
export async function writeStdout(bytes: Buffer): Promise<void> {
  ready ??= { descriptor: findReady() };
  let at = 0;
  try {
    while (at < bytes.length) {
      const written = writeNow(bytes, at, ready.descriptor) ?? (await writeByThread(bytes, at));
      if (written === undefined) await sleep(5);
      else at += written;
    }
  } catch (error) {
    throw new StdoutError(at, { cause: error });
  }
}

/** Stdout itself if it is a file or /dev/null, or its pipe reopened as non-blocking. */
function findReady(): number | undefined {
  const stat = fstatSync(STDOUT);
  if (stat.isFIFO()) return openAgain(STDOUT, constants.O_WRONLY);
  if (stat.isFile() || (stat.isCharacterDevice() && stat.rdev === statSync('/dev/null').rdev)) return STDOUT;
  return undefined;
}

/** Number of bytes written; undefined if the write would block. */
function writeNow(bytes: Buffer, at: number, descriptor: number | undefined): number | undefined {
  if (descriptor === undefined) return undefined;
  try {
    return writeSync(descriptor, bytes, at);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

/** Blocks a thread until it can write; undefined if another process has made the pipe non-blocking, and it is full. */
function writeByThread(bytes: Buffer, at: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    write(STDOUT, bytes, at, bytes.length - at, null, (error, count) => {
      if (error === null) resolve(count);
      else if (errorCode(error) === 'EAGAIN') resolve(undefined);
      else reject(error);
    });
  });
}

/** Whether stdout has lost its reader, which a tool that writes nothing would not notice. */
export function stdoutIsBroken(): Promise<boolean> {
  return isBroken(STDOUT);
}
