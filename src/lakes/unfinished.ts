/** The files in which objects of a folder are written until they are complete: their names, and what is left of them. */

import { readdir, statSync } from 'node:fs';
import { join } from 'node:path';
import { openLocked } from '../files/lock.ts';
import { randomDigits } from '../files/random-digits.ts';
import { tryToRemove } from '../files/remove.ts';

/** A folder whose list of names is longer, in bytes, is searched only now and then: that takes longer than most runs. */
const LONG_LIST = 1 << 20;
const SELDOM = 0.02;

/** A new name. */
export function unfinishedName(): string {
  return `.lake-put-${randomDigits(16)}`;
}

/** Whether a file of this name is removed once nobody writes it. */
export function isUnfinished(name: string): boolean {
  return /^\.lake-put-[0-9a-f]{16}$/.test(name);
}

/** Removes what killed processes have left; a file that is still written is locked. Throws nothing. */
export async function removeUnfinished(root: string): Promise<void> {
  try {
    if (statSync(root).size > LONG_LIST && Math.random() > SELDOM) return;
    for (const name of (await namesIn(root)).filter(isUnfinished)) await removeIfLeft(join(root, name));
  } catch {
    // It is only not as tidy.
  }
}

/** As `fs.promises.readdir`, which takes 2 ms to load. */
function namesIn(folder: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    readdir(folder, (error, names) => (error === null ? resolve(names) : reject(error)));
  });
}

async function removeIfLeft(path: string): Promise<void> {
  try {
    const file = await openLocked({ path, name: path, mode: undefined, refuseLink: true }, { waitMs: 0 });
    tryToRemove(path);
    file.close();
  } catch {
    // It is in use, gone, or not ours.
  }
}
