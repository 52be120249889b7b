/** Outputs that are written to and never replaced: devices, pipes, and descriptors by name such as /dev/stdout. */

import { closeSync, constants, openSync, statSync, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, writeFailure } from '../failure.ts';

const DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;
const named: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };

/** The descriptor that a name stands for; undefined for other names. */
export function namedDescriptor(name: string): number | undefined {
  const number = DESCRIPTOR.exec(name)?.[1];
  return named[name] ?? (number === undefined ? undefined : Number(number));
}

/** Whether an output of this name is written to and never replaced. */
export function isStream(name: string): boolean {
  if (namedDescriptor(name) !== undefined) return true;
  try {
    const stat = statSync(name, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isFile() && !stat.isDirectory();
  } catch {
    return false;
  }
}

/** Writes all of it, at the current offset of a descriptor. @throws Failure (I/O) */
export async function writeToStream(name: string, content: Buffer | string): Promise<void> {
  const bytes = Buffer.from(content);
  const descriptor = namedDescriptor(name);
  try {
    // Reopening a descriptor by its name would start at offset 0 and overwrite.
    const opened = descriptor === undefined ? openSync(name, constants.O_WRONLY) : undefined;
    try {
      for (let at = 0; at < bytes.length; )
        at += await writeSome(descriptor ?? opened ?? -1, bytes.subarray(at));
    } finally {
      if (opened !== undefined) closeSync(opened);
    }
  } catch (error) {
    throw writeFailure(name, error);
  }
}

/** Writes in the thread pool, since it may block. @returns the number of bytes written */
async function writeSome(descriptor: number, bytes: Buffer): Promise<number> {
  try {
    return await new Promise<number>((resolve, reject) => {
      write(descriptor, bytes, 0, bytes.length, null, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') throw error;
    await sleep(5);
    return 0;
  }
}
