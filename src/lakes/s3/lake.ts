/**
 * An S3 bucket as a lake: `s3://BUCKET/PREFIX/`.
 *
 * Objects appear atomically with their last request. Larger ones are multipart uploads; the next upload to the same
 * name removes those of killed processes.
 */

import { Failure, status } from '../../failure.ts';
import type { Lake, LakeSettings } from '../lake.ts';
import { Bucket } from './bucket.ts';
import { NewS3Object } from './new-object.ts';
import { parsePlace } from './place.ts';
import { Room } from './room.ts';
import { StoredObject } from './stored-object.ts';

/** Concurrent commits: a small object spends most of its time in round trips. */
const COMMITS = 16;

/** Does no I/O yet. @throws Failure (usage) */
export default function openS3(address: string, settings: LakeSettings): Lake {
  const place = parsePlace(address);
  const bucket = new Bucket(place, settings);
  const room = new Room();
  return {
    commitsAtOnce: COMMITS,
    async begin(name) {
      return new NewS3Object(bucket, room, name);
    },
    async *get(name) {
      if (name === '') throw new Failure(status.noInput, `${address}: is a lake, not an object`);
      yield* (await StoredObject.open(bucket, place.prefix + name)).chunks();
    },
    addressOf: (name) => address + name,
  };
}
