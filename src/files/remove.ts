/** Removes files of our making. */

import { unlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode, errorText, Failure, status } from '../failure.ts';

/** Removes a file that may be gone, and does no harm where it stays. */
export function tryToRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is only not as tidy.
  }
}

/** Removes a file of ours beside the file `name`, which may be gone. @throws Failure (I/O) when it stays; `but` says what holds */
export function removeTemporary(path: string, name: string, but = ''): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    const message = `${name}: ${basename(path)} cannot be removed${but}: ${errorText(error)}`;
    throw new Failure(status.io, message, { cause: error });
  }
}
