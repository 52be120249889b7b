/**
 * Files in $TMPDIR that lose their name as soon as they are open, so that nothing of them is left, whatever happens.
 *
 * A process that is killed in between leaves an empty file. Its name tells the process, and the next one removes it.
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
 * Makes an empty file, for reading and writing by this user alone.
 *
 * @param use does what needs its name, such as to open it once more; its error ends this
 * @returns its descriptor, to be closed by the caller @throws Failure (I/O)
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
    // Making a file there says why.
    return [];
  }
}

function isAlive(owner: number): boolean {
  try {
    process.kill(owner, 0);
    return !isZombie(owner);
  } catch (error) {
    // It may be another user's.
    return errorCode(error) !== 'ESRCH';
  }
}

/** Whether it was killed, and its parent has not asked how it ended: in a container nobody may ever ask. */
function isZombie(owner: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${owner}/stat`, 'latin1'));
  } catch {
    // The system does not say.
    return false;
  }
}
