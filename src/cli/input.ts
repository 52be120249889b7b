/** Opens stdin and files, as chunks or as byte sources; a read error becomes a failure that names its source. */

import { closeSync, createReadStream, fstatSync, openSync, statSync } from 'node:fs';
import { readFailure } from '../failure.ts';
import type { ByteSource, OpenFile, OpenPipe } from '../files/byte-source.ts';
import { readAt } from '../files/read-at.ts';
import { readableSize, readChunks } from '../files/read-chunks.ts';
import { MAGIC_LENGTH } from '../files/unpack.ts';
import { hasNewline, LINE_END_HEAD } from '../lines/line-ends.ts';
import { offsetBehind } from '../lines/skip-lines.ts';
import type { TextForm } from '../lines/text-form.ts';
import { isPlain, type Origin, openText, plainText, warnNothingLeft } from './text.ts';

export interface ByteStream extends AsyncIterable<Buffer> {
  /** Ends the wait for the next chunk; undefined for streams that never wait long. */
  destroy?(): unknown;
}

/** Stdin as a pipe, which can be read synchronously or as a stream. */
export interface StdinPipe extends OpenPipe, ByteStream {
  /**
   * The first `length` bytes, without consuming them; fewer at the end of input, or once `isEnough` holds.
   *
   * @throws as `read` and `arrival` do
   */
  peek(length: number, isEnough?: (arrived: Buffer) => boolean): Promise<Buffer>;
  destroy(): void;
}

/**
 * The chunks of a file from its beginning; an empty file has none.
 *
 * @param size maximum bytes of a regular file; default: all @throws as `chunksOf` does
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
 * The chunks of a stream. It is opened for the first chunk, and closed after the last one or when the consumer stops.
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

/** Yields a file as a source; a regular file stays open until the next one is requested. @throws Failure (no input, I/O) */
export async function* openFile(origin: Origin, chunks: AsyncIterable<Buffer>): AsyncGenerator<ByteSource> {
  const { name } = origin;
  const descriptor = openRegular(name);
  if (descriptor === undefined) {
    yield await openSource(origin, undefined, chunks);
    return;
  }
  try {
    yield await openSource(origin, { descriptor, start: 0, end: fstatSync(descriptor).size }, chunks);
  } finally {
    close(descriptor, name);
  }
}

/** Undefined for anything but a regular file: opening a FIFO could block for ever. */
function openRegular(path: string): number | undefined {
  try {
    const stat = statSync(path);
    // Files in /proc have size 0.
    return stat.isFile() && stat.size > 0 ? openSync(path, 'r') : undefined;
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** @throws Failure (I/O): some file systems report a failed read only on close */
function close(descriptor: number, name: string): void {
  try {
    closeSync(descriptor);
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** A source without a pipe, and without `file` if that must be decoded. @throws Failure (no input, I/O, data) */
export async function openSource(
  origin: Origin,
  file: OpenFile | undefined,
  chunks: AsyncIterable<Buffer>,
): Promise<ByteSource> {
  const { name } = origin;
  const plain = file && plainFile(file, origin);
  if (plain === undefined)
    return { name, file: undefined, pipe: undefined, ...(await openText(chunks, origin)) };
  // The warnings were already given when the file was inspected.
  const quiet = { ...origin, warn: () => {} };
  return { name, file: plain, pipe: undefined, ...plainText(chunks, quiet) };
}

/** The part of a file after the skipped lines; undefined if it must be decoded. */
function plainFile(file: OpenFile, origin: Origin): OpenFile | undefined {
  const { name, form } = origin;
  const head = firstBytes(file, name, headLength(form));
  if (!isPlain(head, form)) return undefined;
  const offset = offsetBehind(form.skipLines ?? 0, head);
  if (offset === undefined && file.start + head.length < file.end) return undefined;
  const start = file.start + (offset ?? head.length);
  if (start === file.end && start > file.start) warnNothingLeft(origin);
  return { ...file, start };
}

/** A pipe, its chunks, and the signal that ends a wait for more. */
interface Arriving {
  readonly pipe: StdinPipe;
  readonly chunks: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
}

/** Yields a pipe as a source, once its first bytes have arrived. @throws Failure (I/O); the signal's reason */
export async function* openPipe(
  origin: Origin,
  { pipe, chunks, signal }: Arriving,
): AsyncGenerator<ByteSource> {
  const { name, form } = origin;
  const stop = () => pipe.destroy();
  signal.addEventListener('abort', stop);
  try {
    const magic = await pipe.peek(MAGIC_LENGTH);
    const head = form.mayEndInReturns ? await pipe.peek(LINE_END_HEAD, hasNewline) : magic;
    const isAsItIs = isPlain(head, form) && (form.skipLines ?? 0) === 0;
    if (isAsItIs) yield { name, file: undefined, pipe, ...plainText(chunks, origin) };
    else yield { name, file: undefined, pipe: undefined, ...(await openText(chunks, origin)) };
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Number of bytes that decide how input is read. */
function headLength({ mayEndInReturns = false, skipLines = 0 }: TextForm): number {
  return mayEndInReturns || skipLines > 0 ? LINE_END_HEAD : MAGIC_LENGTH;
}

function firstBytes({ descriptor, start, end }: OpenFile, name: string, length: number): Buffer {
  const bytes = Buffer.alloc(Math.min(length, end - start));
  try {
    return bytes.subarray(0, readAt(descriptor, bytes, start));
  } catch (error) {
    throw readFailure(name, error);
  }
}
