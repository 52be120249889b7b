/** Opens stdin and files, as chunks or as sources of bytes; a read error becomes a failure that names its source. */

import { closeSync, createReadStream, fstatSync, openSync, statSync } from 'node:fs';
import { readFailure } from '../failure.ts';
import type { ByteSource, OpenFile, OpenPipe } from '../files/byte-source.ts';
import { readAt } from '../files/read-at.ts';
import { readableSize, readChunks } from '../files/read-chunks.ts';
import { isPacked, MAGIC_LENGTH, unpacked } from '../files/unpack.ts';
import { decoded, type Encoding, mayNeedDecoding } from '../lines/encoding.ts';

/** A stream of bytes. */
export interface ByteStream extends AsyncIterable<Buffer> {
  /** Ends a wait for the next chunk; undefined where a wait is always short. */
  destroy?(): unknown;
}

/** Stdin where it is a pipe: read at once, or as a stream. */
export interface StdinPipe extends OpenPipe, ByteStream {
  /** The first `length` bytes, fewer if it ends before, which stay to be read. @throws as `read` and `arrival` do */
  peek(length: number): Promise<Buffer>;
  destroy(): void;
}

/**
 * The chunks of a file from its beginning; an empty file has none.
 *
 * @param size how many bytes of a regular file at most; as many as it has without it @throws as `chunksOf` does
 */
export function fileChunks(path: string, signal: AbortSignal, size?: number): AsyncGenerator<Buffer> {
  const open = () => (statSync(path).isFile() ? regularFile(path, size) : createReadStream(path));
  return chunksOf(open, path, signal);
}

async function* regularFile(path: string, size: number | undefined): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    yield* readChunks(descriptor, size ?? readableSize(fstatSync(descriptor).size));
  } finally {
    close(descriptor, path);
  }
}

/**
 * The chunks of a stream, which is opened when the first one is asked for, and closed after the last one or when no more
 * are wanted.
 *
 * @throws Failure (no input, I/O); the signal's reason when it is aborted
 */
export async function* chunksOf(
  open: () => ByteStream,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  let stream: ByteStream | undefined;
  const stop = () => stream?.destroy?.();
  signal.addEventListener('abort', stop);
  try {
    stream = open();
    // Iterating, not pipe(), which would lose a read error.
    for await (const chunk of stream) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Where input comes from, and the encoding of its text, undefined for UTF-8; its own byte order mark counts first. */
export interface Origin {
  /** A file's name, or `stdin`. */
  readonly name: string;
  readonly encoding: Encoding | undefined;
}

/** The same input, decompressed and as UTF-8. @throws Failure (I/O) when it is damaged, (data) when it cannot be decoded */
export function utf8(chunks: AsyncIterable<Buffer>, { name, encoding }: Origin): AsyncGenerator<Buffer> {
  return decoded(unpacked(chunks, name), name, encoding);
}

/** Whether input that begins with these bytes is to be read as it is. */
function isPlain(head: Buffer, { encoding }: Origin): boolean {
  return !isPacked(head) && !mayNeedDecoding(head, encoding);
}

/** The file as a source, alone; a regular file stays open until this is asked for more. @throws Failure (no input, I/O) */
export async function* openFile(origin: Origin, chunks: AsyncIterable<Buffer>): AsyncGenerator<ByteSource> {
  const { name } = origin;
  const descriptor = openRegular(name);
  if (descriptor === undefined) {
    yield openSource(origin, undefined, chunks);
    return;
  }
  try {
    yield openSource(origin, { descriptor, start: 0, end: fstatSync(descriptor).size }, chunks);
  } finally {
    close(descriptor, name);
  }
}

/** Undefined for anything but a regular file: to open that could take forever. */
function openRegular(path: string): number | undefined {
  try {
    const stat = statSync(path);
    // Files of /proc tell no size.
    return stat.isFile() && stat.size > 0 ? openSync(path, 'r') : undefined;
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** @throws Failure (I/O): some file systems tell only now that a read has failed */
function close(descriptor: number, name: string): void {
  try {
    closeSync(descriptor);
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** A source without a pipe; its file is left out when it is not read as it is. @throws Failure (no input, I/O) */
export function openSource(
  origin: Origin,
  file: OpenFile | undefined,
  chunks: AsyncIterable<Buffer>,
): ByteSource {
  const { name } = origin;
  const plain = file !== undefined && isPlain(firstBytes(file, name), origin) ? file : undefined;
  return { name, file: plain, pipe: undefined, chunks: () => utf8(chunks, origin) };
}

/** A pipe, its chunks, and what ends a wait for it. */
interface Arriving {
  readonly pipe: StdinPipe;
  readonly chunks: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
}

/** The pipe as a source, alone, as soon as its first bytes have arrived. @throws Failure (I/O); the signal's reason */
export async function* openPipe(
  origin: Origin,
  { pipe, chunks, signal }: Arriving,
): AsyncGenerator<ByteSource> {
  const { name } = origin;
  const stop = () => pipe.destroy();
  signal.addEventListener('abort', stop);
  try {
    const plain = isPlain(await pipe.peek(MAGIC_LENGTH), origin) ? pipe : undefined;
    yield { name, file: undefined, pipe: plain, chunks: () => utf8(chunks, origin) };
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function firstBytes({ descriptor, start }: OpenFile, name: string): Buffer {
  const bytes = Buffer.alloc(MAGIC_LENGTH);
  try {
    return bytes.subarray(0, readAt(descriptor, bytes, start));
  } catch (error) {
    throw readFailure(name, error);
  }
}
