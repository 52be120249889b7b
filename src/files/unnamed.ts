/**
 * Temporary files in $TMPDIR, unlinked as soon as they are open, so that a crash leaves nothing behind.
 *
 * A process killed between open and unlink leaves an empty file. Its name contains the process id; a later process
 * removes it.
 */

import { openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { nodeOs } from '../load.ts';
import { randomDigits } from './random-digits.ts';
import { removeTemporary, tryToClose, tryToRemove } from './remove.ts';

const NAME = /^etlutils-(\d{1,10})-[\da-f-]{36}$/;

let isClean = false;

/**
 * Creates an empty file, readable and writable by this user only.
 *
 * @param use is called while the file has a name, for example to open it again
 * @returns the descriptor, which the caller closes @throws Failure (I/O), also when `use` throws
 */
export function openUnnamed(use: (path: string) => void): number {
  if (!isClean) removeAbandoned();
  isClean = true;
  const path = join(nodeOs().tmpdir(), `etlutils-${process.pid}-${randomDigits(36)}`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'wx+', 0o600);
    use(path);
    removeTemporary(path, nodeOs().tmpdir());
    return descriptor;
  } catch (error) {
    tryToRemove(path);
    if (descriptor !== undefined) tryToClose(descriptor);
    throw writeFailure(nodeOs().tmpdir(), error);
  }
}

function removeAbandoned(): void {
  for (const name of namesIn(nodeOs().tmpdir())) {
    const owner = NAME.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) tryToRemove(join(nodeOs().tmpdir(), name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Creating the file reports the reason.
    return [];
  }
}

function isAlive(owner: number): boolean {
  try {
    process.kill(owner, 0);
    return !isZombie(owner);
  } catch (error) {
    // EPERM: alive, but another user's.
    return errorCode(error) !== 'ESRCH';
  }
}

/** Whether it has ended but was not reaped: a container without an init process may never reap it. */
function isZombie(owner: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${owner}/stat`, 'latin1'));
  } catch {
    // No /proc.
    return false;
  }
}
