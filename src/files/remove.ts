/** Removes and closes files, where failing may not matter. */

import { closeSync, unlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode, errorText, Failure, status } from '../failure.ts';

/** Removes a file that may not exist, and is harmless if it stays. */
export function tryToRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Untidy, but harmless.
  }
}

/** Closes a descriptor after an error, or when nothing was written through it. */
export function tryToClose(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It is closed all the same, and no write can be lost.
  }
}

/**
 * Removes a temporary file beside the file `name`, if it exists.
 *
 * @param but ends the message with what was achieved all the same @throws Failure (I/O) when it stays
 */
export function removeTemporary(path: string, name: string, but = ''): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    const message = `${name}: ${basename(path)} cannot be removed${but}: ${errorText(error)}`;
    throw new Failure(status.io, message, { cause: error });
  }
}
