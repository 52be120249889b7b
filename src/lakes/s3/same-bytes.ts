/** Compares a stored object with the bytes that were sent. */

import { createHash } from 'node:crypto';
import type { Bucket } from './bucket.ts';
import { Missing } from './failure.ts';
import { StoredObject } from './stored-object.ts';

/** Length and digest of bytes no longer in memory. */
export interface Piece {
  readonly length: number;
  readonly sha256: Buffer;
}

/** Whether an object consists of exactly these pieces. @throws Failure */
export async function hasBytes(bucket: Bucket, key: string, pieces: readonly Piece[]): Promise<boolean> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  try {
    const object = await StoredObject.open(bucket, key);
    if (object.length !== length) object.close();
    return object.length === length && (await areEqual(object.chunks(), pieces));
  } catch (error) {
    if (error instanceof Missing) return false;
    throw error;
  }
}

async function areEqual(chunks: AsyncIterable<Buffer>, pieces: readonly Piece[]): Promise<boolean> {
  // Empty pieces match no chunk.
  const left = pieces.filter(({ length }) => length > 0);
  let hash = createHash('sha256');
  let hashed = 0;
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; ) {
      const piece = left[0];
      if (piece === undefined) return false;
      const part = chunk.subarray(at, at + piece.length - hashed);
      hash.update(part);
      at += part.length;
      hashed += part.length;
      if (hashed < piece.length) continue;
      if (!hash.digest().equals(piece.sha256)) return false;
      left.shift();
      hash = createHash('sha256');
      hashed = 0;
    }
  return left.length === 0 && hashed === 0;
}
