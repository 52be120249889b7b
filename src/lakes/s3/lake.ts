/**
 * A bucket of S3 as a lake: `s3://BUCKET/PREFIX/`.
 *
 * An object is there with the answer to its last request, whole. One that is too long for a single request is an upload of
 * parts, which nobody sees; those of killed processes are removed by the next upload to the same name.
 */

import { Failure, status } from '../../failure.ts';
import type { Lake, LakeSettings } from '../lake.ts';
import { Bucket } from './bucket.ts';
import { NewS3Object } from './new-object.ts';
import { parsePlace } from './place.ts';
import { Room } from './room.ts';
import { StoredObject } from './stored-object.ts';

/** Objects committed at once: a small one spends most of its time on the way to the server and back. */
const COMMITS = 16;

/** Touches nothing yet. @throws Failure (usage) */
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
