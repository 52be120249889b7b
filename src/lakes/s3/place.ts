/** The location of an S3 lake: `s3://BUCKET/PREFIX/`. */

import { malformed, parseAddress } from '../../addresses/parse.ts';
import { showAddress } from '../../addresses/show.ts';
import { BadName } from '../lake.ts';
import { nameProblem } from '../object-name.ts';

/** Maximum length of a key in bytes. */
const LONGEST_KEY = 1024;
/** Also accepts names of old buckets, and access point aliases. */
const LAKE = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,254})\/((?:[^/].*\/)?)$/is;

/** An object's key is prefix plus name, taken literally: nothing is decoded. */
export interface Place {
  /** As given. */
  readonly address: string;
  readonly bucket: string;
  /** Empty, or ends in a slash. */
  readonly prefix: string;
}

/** @throws Failure (usage) */
export function parsePlace(address: string): Place {
  const [, bucket, prefix = ''] = LAKE.exec(address) ?? [];
  if (bucket === undefined) throw malformed(parseAddress(address), 's3://BUCKET/PREFIX/');
  return { address, bucket, prefix };
}

/** The address of an object, for messages. */
export function shownKey({ bucket }: Place, key: string): string {
  return showAddress(`s3://${bucket}/${key}`);
}

/** The key of an object to be written. @throws BadName */
export function keyOf({ prefix }: Place, name: string): string {
  const key = prefix + name;
  const isLong = Buffer.byteLength(key) > LONGEST_KEY;
  const problem =
    nameProblem(name) ?? (isLong ? `and its prefix are longer than ${LONGEST_KEY} bytes` : undefined);
  if (problem !== undefined) throw new BadName(name, problem);
  return key;
}
