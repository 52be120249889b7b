/**
 * A user who may not read and write the files of others, for the tests of what tools say then.
 *
 * Root may do everything, so where the tests run as root, they start tools as another user. Where that user may not enter the
 * project's folder, such as in /root, these tests are left out, and one line says so.
 */

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

function isOpen(folder: string): boolean {
  const parent = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (parent === folder || isOpen(parent));
}

/** Options that run a tool as a user without special rights; undefined where that is impossible. */
export const otherUser: { readonly uid?: number } | undefined = !isRoot
  ? {}
  : isOpen(fileURLToPath(new URL('..', import.meta.url)))
    ? { uid: NOBODY }
    : undefined;

/** Vitest calls it in the end, where the line is seen. */
export function teardown(): void {
  if (otherUser === undefined)
    process.stderr.write('left out: tests as another user, because only root may enter the folder\n');
}
