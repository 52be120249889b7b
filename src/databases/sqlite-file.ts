/** A SQLite database among other files. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readFailure } from '../failure.ts';

/** The first bytes of every SQLite database. */
const MAGIC = Buffer.from('SQLite format 3\0');

/** Whether a file is a SQLite database, whatever its name. @throws Failure (no input, I/O) */
export function isSqliteFile(path: string): boolean {
  try {
    // Bytes that are read from a pipe here would be lost.
    return statSync(path).isFile() && firstBytes(path, MAGIC.length).equals(MAGIC);
  } catch (error) {
    throw readFailure(path, error);
  }
}

function firstBytes(path: string, length: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}
