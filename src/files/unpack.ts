/** Decompresses gzip, also of several parts. It is recognised by how it begins, whatever the file is called. */

import { errorCode, Failure, status } from '../failure.ts';
import { peek } from '../lines/peek.ts';
import { kindOf } from './signature.ts';

/** How many bytes `isPacked` needs. */
export const MAGIC_LENGTH = 2;
const UNPACKED_CHUNK = 1 << 17;

/** The same chunks, or what they are when decompressed. @throws Failure (I/O) when compressed bytes are damaged */
export async function* unpacked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { head, all } = await peek(chunks, MAGIC_LENGTH);
  if (isPacked(head)) yield* unzipped(all, name);
  else yield* all;
}

/** Whether a file that begins with these bytes is compressed. */
export function isPacked(head: Buffer): boolean {
  return kindOf(head) === 'gzip file';
}

async function* unzipped(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { createGunzip } = await import('node:zlib');
  const { pipeline, Readable } = await import('node:stream');
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK });
  // Its errors come out of the gunzip as well.
  pipeline(Readable.from(chunks, { objectMode: false }), gunzip, () => {});
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || !code.startsWith('Z_')) throw error;
    throw new Failure(status.io, `${name}: gzip ${code === 'Z_BUF_ERROR' ? 'ends too early' : 'is damaged'}`);
  }
}
