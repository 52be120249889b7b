/** Opens stdin and files, as chunks or as sources of bytes; a read error becomes a failure that names its source. */

import { closeSync, createReadStream, fstatSync, openSync, statSync } from 'node:fs';
import { readFailure } from '../failure.ts';
import type { ByteSource, OpenFile, OpenPipe } from '../files/byte-source.ts';
import { readAt } from '../files/read-at.ts';
import { readableSize, readChunks } from '../files/read-chunks.ts';
import { isPacked, MAGIC_LENGTH, unpacked } from '../files/unpack.ts';

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

/** The chunks of a file from its beginning; an empty file has none. @throws as `chunksOf` does */
export function fileChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const open = () => (statSync(path).isFile() ? regularFile(path) : createReadStream(path));
  return chunksOf(open, path, signal);
}

async function* regularFile(path: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    yield* readChunks(descriptor, readableSize(fstatSync(descriptor).size));
  } finally {
    closeSync(descriptor);
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

/** The file as a source, alone; a regular file stays open until this is asked for more. @throws Failure (no input, I/O) */
export async function* openFile(
  path: string,
  chunks: (path: string) => AsyncIterable<Buffer>,
): AsyncGenerator<ByteSource> {
  const descriptor = openRegular(path);
  if (descriptor === undefined) {
    yield openSource(path, undefined, chunks(path));
    return;
  }
  try {
    yield openSource(path, { descriptor, start: 0, end: fstatSync(descriptor).size }, chunks(path));
  } finally {
    closeSync(descriptor);
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

/** A source without a pipe; its file is left out when it is compressed. @throws Failure (no input, I/O) */
export function openSource(
  name: string,
  file: OpenFile | undefined,
  chunks: AsyncIterable<Buffer>,
): ByteSource {
  const isPlain = file !== undefined && !isPacked(firstBytes(file, name));
  return { name, file: isPlain ? file : undefined, pipe: undefined, chunks: () => unpacked(chunks, name) };
}

/** The pipe as a source, alone, as soon as its first bytes have arrived. @throws Failure (I/O); the signal's reason */
export async function* openPipe(
  name: string,
  pipe: StdinPipe,
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<ByteSource> {
  const stop = () => pipe.destroy();
  signal.addEventListener('abort', stop);
  try {
    const isPlain = !isPacked(await pipe.peek(MAGIC_LENGTH));
    yield { name, file: undefined, pipe: isPlain ? pipe : undefined, chunks: () => unpacked(chunks, name) };
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
