/**
 * Decompresses gzip, including concatenated members; bzip2, xz and zstd through the installed programs. The format is
 * recognised by magic bytes, not by name.
 */

import { errorCode, Failure, status } from '../failure.ts';
import { peek } from '../lines/peek.ts';
import { kindOf } from './signature.ts';
import { throughProgram } from './through-program.ts';

/** Bytes that `isPacked` needs: the first line of a slow stream may have no more. */
export const MAGIC_LENGTH = 2;
/** Bytes that tell the format for certain. */
const CERTAIN_LENGTH = 10;
const UNPACKED_CHUNK = 1 << 17;

/** The first `MAGIC_LENGTH` bytes of each format. */
const BEGINNINGS = new Set(['\x1f\x8b', 'BZ', '\xfd7', '(\xb5']);
const PROGRAMS = { 'bzip2 file': 'bzip2', 'xz file': 'xz', 'zstd file': 'zstd' } as const;
/** What follows `BZh9` in bzip2, with and without content. Checked, since text may begin with BZh, too. */
const BZIP2 = new Set(['1AY&SY', '\x17rE8P\x90']);

/**
 * The chunks, decompressed where they are compressed.
 *
 * @throws Failure (I/O) when compressed bytes are damaged, (no input) when the program for them is not installed
 */
export async function* unpacked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { head, all } = await peek(chunks, MAGIC_LENGTH);
  if (!isPacked(head)) return yield* all;
  const { head: beginning, all: bytes } = await peek(all, CERTAIN_LENGTH);
  const kind = kindOf(beginning);
  if (kind === 'gzip file') return yield* unzipped(bytes, name);
  const isText = kind === 'bzip2 file' && !BZIP2.has(beginning.toString('latin1', 4, CERTAIN_LENGTH));
  if (isText || (kind !== 'bzip2 file' && kind !== 'xz file' && kind !== 'zstd file')) return yield* bytes;
  yield* throughProgram(PROGRAMS[kind], bytes, name);
}

/** Whether input that begins with these bytes may be compressed. */
export function isPacked(head: Buffer): boolean {
  return BEGINNINGS.has(head.toString('latin1', 0, MAGIC_LENGTH));
}

async function* unzipped(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { createGunzip } = await import('node:zlib');
  const { pipeline, Readable } = await import('node:stream');
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK });
  // Errors also surface when gunzip is read.
  pipeline(Readable.from(chunks, { objectMode: false }), gunzip, () => {});
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || !code.startsWith('Z_')) throw error;
    throw new Failure(status.io, `${name}: gzip ${code === 'Z_BUF_ERROR' ? 'ends too early' : 'is damaged'}`);
  }
}
