/** Whether a name is that of a store to be opened, or of a file to be read as lines. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readFailure } from '../failure.ts';

/** With these bytes every SQLite database begins. */
const SQLITE = Buffer.from('SQLite format 3\0');

/** An address with a scheme, and a SQLite database whatever it is called; all else is lines. @throws Failure (no input, I/O) */
export function isStore(name: string): boolean {
  return isAddress(name) || isDatabase(name);
}

/** Whether it has a scheme, as no file has that is named in good faith. */
export function isAddress(name: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(name);
}

function isDatabase(path: string): boolean {
  try {
    // Of a pipe, bytes that are read here would be gone.
    return statSync(path).isFile() && beginningOf(path).equals(SQLITE);
  } catch (error) {
    throw readFailure(path, error);
  }
}

function beginningOf(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(SQLITE.length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
