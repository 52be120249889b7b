/** Gives an object its name: nothing is replaced before it is known to hold other bytes. */

import { showAddress } from '../../addresses/show.ts';
import { Failure, status } from '../../failure.ts';
import type { Bucket } from './bucket.ts';
import { NoCondition, Taken } from './failure.ts';
import { hasBytes, type Piece } from './same-bytes.ts';

interface Unpublished {
  readonly bucket: Bucket;
  readonly key: string;
  pieces(): readonly Piece[];
  /** @throws Taken, unless it `replaces`; NoCondition, Failure */
  show(how: { readonly replaces: boolean }): Promise<void>;
}

/** @throws Failure, (unavailable) when another object must stay */
export async function publish({ bucket, key, pieces, show }: Unpublished): Promise<'stored' | 'present'> {
  const { clobber } = bucket.settings;
  try {
    await show({ replaces: false });
    return 'stored';
  } catch (error) {
    if (!(error instanceof Taken) && !(error instanceof NoCondition && clobber)) throw error;
  }
  if (await hasBytes(bucket, key, pieces())) return 'present';
  if (!clobber) {
    const shown = showAddress(`s3://${bucket.place.bucket}/${key}`);
    throw new Failure(status.unavailable, `${shown}: is there already, with other content (--no-clobber)`);
  }
  await show({ replaces: true });
  return 'stored';
}
