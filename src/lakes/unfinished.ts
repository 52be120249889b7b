/** Temporary files of objects in a folder: their names, and the removal of leftovers. */

import { readdir, statSync } from 'node:fs';
import { join } from 'node:path';
import { openLocked } from '../files/lock.ts';
import { randomDigits } from '../files/random-digits.ts';
import { tryToRemove } from '../files/remove.ts';

/** A directory larger than this many bytes is searched only rarely: that takes longer than most runs. */
const LARGE_FOLDER = 1 << 20;
const SEARCH_SHARE = 0.02;

/** A new name. */
export function unfinishedName(): string {
  return `.lake-put-${randomDigits(16)}`;
}

/** Whether a file of this name is removed once it has no writer. */
export function isUnfinished(name: string): boolean {
  return /^\.lake-put-[0-9a-f]{16}$/.test(name);
}

/** Removes the files of killed processes; those still being written are locked. Never throws. */
export async function removeUnfinished(root: string): Promise<void> {
  try {
    if (statSync(root).size > LARGE_FOLDER && Math.random() > SEARCH_SHARE) return;
    for (const name of (await namesIn(root)).filter(isUnfinished)) await removeIfStale(join(root, name));
  } catch {
    // Only less tidy.
  }
}

/** Like `fs.promises.readdir`, which takes 2 ms to load. */
function namesIn(folder: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    readdir(folder, (error, names) => (error === null ? resolve(names) : reject(error)));
  });
}

async function removeIfStale(path: string): Promise<void> {
  try {
    const file = await openLocked({ path, name: path, mode: undefined, refuseLink: true }, { waitMs: 0 });
    tryToRemove(path);
    file.close();
  } catch {
    // In use, gone, or not permitted.
  }
}
