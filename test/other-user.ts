/**
 * An unprivileged user, for tests of denied file access.
 *
 * Root may access everything, so as root these tests run the tools as another user. If that user cannot enter the project's
 * folder, for example below /root, these tests are skipped, which one line reports.
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

/** Options that run a tool as an unprivileged user; undefined if that is impossible. */
export const otherUser: { readonly uid?: number } | undefined = !isRoot
  ? {}
  : isOpen(fileURLToPath(new URL('..', import.meta.url)))
    ? { uid: NOBODY }
    : undefined;

/** Called by Vitest at the end, so that the line is seen. */
export function teardown(): void {
  if (otherUser === undefined)
    process.stderr.write('left out: tests as another user, because only root may enter the folder\n');
}
