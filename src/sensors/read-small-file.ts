/**
 * Reads a file with a value, without ever blocking: a FIFO without a writer is empty.
 *
 * Memory: 64 KiB, whatever the size of the file.
 */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, errorText, Failure, status } from '../failure.ts';

const MAX_BYTES = 1 << 16;

/** Errors for which a retry is useless. */
const PERMANENT = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENODEV',
]);

interface SmallFile {
  /** The first 64 KiB. */
  readonly text: string;
  /** The mtime in epoch milliseconds. */
  readonly modified: number;
}

/** @throws Failure that names the file as `shown`: unavailable when it cannot be opened, temporary otherwise */
export async function readSmallFile(path: string, shown: string = path): Promise<SmallFile> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { mtimeMs } = await file.stat();
      return { text: await readText(file), modified: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = PERMANENT.has(errorCode(error) ?? '') ? status.unavailable : status.temporary;
    throw new Failure(code, `${shown}: ${errorText(error)}`, { cause: error });
  }
}

async function readText(file: FileHandle): Promise<string> {
  const bytes = Buffer.alloc(MAX_BYTES);
  let size = 0;
  while (size < MAX_BYTES) {
    const count = await readSome(file, bytes, size);
    if (count === 0) break;
    size += count;
  }
  return bytes.toString('utf8', 0, size);
}

async function readSome(file: FileHandle, bytes: Buffer, at: number): Promise<number> {
  try {
    return (await file.read(bytes, at, bytes.length - at, null)).bytesRead;
  } catch (error) {
    // A pipe or terminal without data at the moment.
    if (errorCode(error) === 'EAGAIN') return 0;
    throw error;
  }
}
