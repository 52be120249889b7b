/** Gives the files that we create beside a user's file to that user, so that a killed process of root locks nobody out. */

import { fchmodSync, fchownSync, fstatSync } from 'node:fs';

/** The mode of a temporary file beside this one: no wider, but always open to the owner. */
export function temporaryMode({ mode }: { readonly mode: number }): number {
  return (mode & 0o777) | 0o600;
}

/** Gives an open file this owner and group, as far as the system allows, and this mode. @throws the system's error */
export function handOver(
  descriptor: number,
  { uid, gid }: { readonly uid: number; readonly gid: number },
  mode: number,
): void {
  const own = fstatSync(descriptor);
  // Only root can change the owner; a member of the group can set the group.
  if (own.uid !== uid || own.gid !== gid) {
    if (!chownIfAllowed(descriptor, uid, gid)) chownIfAllowed(descriptor, own.uid, gid);
  }
  fchmodSync(descriptor, mode);
}

function chownIfAllowed(descriptor: number, uid: number, gid: number): boolean {
  try {
    fchownSync(descriptor, uid, gid);
    return true;
  } catch {
    return false;
  }
}
