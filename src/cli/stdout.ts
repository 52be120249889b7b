/**
 * Bytes to stdout. Not by process.stdout: it blocks the event loop while the reader of a pipe is slow, and a blocked loop
 * hears no signal.
 *
 * What can be written at once is, since to ask a thread takes longer than most writes; a thread waits for the rest.
 */

import { constants, fstatSync, statSync, write, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../failure.ts';
import { openAgain } from '../files/reopen.ts';
import { StdoutError } from './output.ts';

const STDOUT = 1;

/** What does not block when it is written to; undefined where nothing is known of that. Asked for once. */
let ready: { readonly descriptor: number | undefined } | undefined;

/** Resolves when all bytes are with the operating system. @throws StdoutError */
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

/** A file, or a pipe opened again so that it does not block. */
function findReady(): number | undefined {
  const there = fstatSync(STDOUT);
  if (there.isFIFO()) return openAgain(STDOUT, constants.O_WRONLY);
  if (there.isFile() || (there.isCharacterDevice() && there.rdev === statSync('/dev/null').rdev))
    return STDOUT;
  return undefined;
}

/** How many bytes were written; undefined when it would block. */
function writeNow(bytes: Buffer, at: number, descriptor: number | undefined): number | undefined {
  if (descriptor === undefined) return undefined;
  try {
    return writeSync(descriptor, bytes, at);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

/** The same, after waiting; undefined when another process made the pipe non-blocking, and it is full. */
function writeByThread(bytes: Buffer, at: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    write(STDOUT, bytes, at, bytes.length - at, null, (error, count) => {
      if (error === null) resolve(count);
      else if (errorCode(error) === 'EAGAIN') resolve(undefined);
      else reject(error);
    });
  });
}
