/** Guards against overwriting databases, or files outside a lake's folder. */

import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { readAt } from '../files/read-at.ts';
import { databaseBeside, firstBytes, kindOf, SIGNATURE_LENGTH } from '../files/signature.ts';
import { isStream } from '../files/stream-output.ts';
import { BadName } from './lake.ts';

/**
 * Checks a name before a file is moved there.
 *
 * @param root the real path of the lake @param descriptor of the file @throws BadName; the system's error
 */
export function checkTarget(root: string, name: string, descriptor: number): void {
  checkInside(root, name);
  checkDatabase(join(root, name), name, descriptor);
}

/** Whether a link, such as /dev/stdout, leads to a descriptor, device or pipe. @throws the system's error */
export function leadsToStream(link: string): boolean {
  return isStream(resolve(dirname(link), readlinkSync(link)));
}

/** Names may come from data, and the folder may contain a queue or store. @throws BadName; the system's error */
function checkDatabase(path: string, name: string, descriptor: number): void {
  const database = databaseBeside(path);
  if (database !== undefined && isDatabase(database))
    throw new BadName(name, 'is that of a file of a database');
  if (!isDatabase(path)) return;
  const head = Buffer.alloc(SIGNATURE_LENGTH);
  readAt(descriptor, head, 0);
  if (kindOf(head) !== 'SQLite database')
    throw new BadName(name, 'is that of a SQLite database, which is not replaced by something else');
}

function isDatabase(path: string): boolean {
  const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile && kindOf(firstBytes(path)) === 'SQLite database';
}

/** @throws BadName when a symbolic link leads out of the lake; the system's error */
function checkInside(root: string, name: string): void {
  const folders = name.split('/').slice(0, -1);
  for (const [at] of folders.entries()) {
    const path = join(root, ...folders.slice(0, at + 1));
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    const real = realpathSync.native(path);
    if (!`${real}${sep}`.startsWith(root === sep ? sep : `${root}${sep}`))
      throw new BadName(name, 'leads out of the lake through a link');
  }
}
