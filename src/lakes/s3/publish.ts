/** Publishes an object. Never replaces one before it is known to have other bytes. */

import { Failure, status } from '../../failure.ts';
import type { Bucket } from './bucket.ts';
import { NoCondition, Taken } from './failure.ts';
import { shownKey } from './place.ts';
import { hasBytes, type Piece } from './same-bytes.ts';

interface Unpublished {
  readonly bucket: Bucket;
  readonly key: string;
  pieces(): readonly Piece[];
  /** @throws Taken, unless `replaces`; NoCondition, Failure */
  show(how: { readonly replaces: boolean }): Promise<void>;
}

/** @throws Failure, (unavailable) when another object must not be replaced */
export async function publish({ bucket, key, pieces, show }: Unpublished): Promise<'stored' | 'present'> {
  const { clobber } = bucket.settings;
  try {
    await show({ replaces: false });
    return 'stored';
  } catch (error) {
    if (!(error instanceof Taken) && !(error instanceof NoCondition && clobber)) throw error;
  }
  const isSame = await hasBytes(bucket, key, pieces()).catch((error) => {
    // The permission to write may come without the permission to read.
    if (clobber && error instanceof Failure && error.status === status.unavailable) return false;
    throw error;
  });
  if (isSame) return 'present';
  if (!clobber) {
    const shown = shownKey(bucket.place, key);
    throw new Failure(status.unavailable, `${shown}: already exists, with other content (--no-clobber)`);
  }
  await show({ replaces: true });
  return 'stored';
}
