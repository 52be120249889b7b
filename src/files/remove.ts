/** Removes and closes files, where that may fail. */

import { closeSync, unlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode, errorText, Failure, status } from '../failure.ts';

/** Removes a file that may be gone already, and does no harm if it stays. */
export function tryToRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Only less tidy.
  }
}

/** Closes a descriptor that is no longer needed: after an error, or when nothing was written by it. */
export function tryToClose(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It is closed all the same, and nothing was written by it.
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
