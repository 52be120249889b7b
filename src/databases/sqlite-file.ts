/** A SQLite database among other files. */

import { statSync } from 'node:fs';
import { readFailure } from '../failure.ts';
import { firstBytes, kindOf } from '../files/signature.ts';

/** Whether a file is a SQLite database, whatever its name. @throws Failure (no input, I/O) */
export function isSqliteFile(path: string): boolean {
  try {
    // A pipe is not read: its bytes would be lost.
    return statSync(path).isFile() && kindOf(firstBytes(path)) === 'SQLite database';
  } catch (error) {
    throw readFailure(path, error);
  }
}
