/**
 * Reads complete lines as bytes, for tools that keep lines verbatim, in batches of lines that arrive close together.
 *
 * A BOM, and carriage returns before newlines, are dropped. Memory: one batch and one line.
 */

import { collect } from '../async/collect.ts';
import { gather } from '../async/gather.ts';
import { Failure, status } from '../failure.ts';
import { ByteSplitter, splitBytes } from './byte-splitter.ts';
import { isTooLong, LONGEST_LINE, tooLong } from './limits.ts';
import { type Line, type Reject, type Rejection, STDIN } from './line.ts';

/** A batch ends after a pause in the input, after some time, or with this many bytes. */
const BATCH = { idleMs: 10, maxMs: 500, fullLength: 1 << 20 };

/** Lines that arrived close together. */
export interface WholeLines {
  /** Each with its newline. */
  readonly lines: Buffer[];
  /** The number of the first one, from 1. */
  readonly first: number;
}

/** The lines of stdin. A last line without newline is rejected, as is one beyond the limit. */
export async function* wholeLines(stdin: AsyncIterable<Buffer>, reject: Reject): AsyncGenerator<WholeLines> {
  const splitter = new ByteSplitter();
  let number = 1;
  function* linesOf(parts: readonly Buffer[]): Generator<WholeLines> {
    if (parts.length === 0) return;
    const first = number;
    const lines = splitBytes(withoutReturns(Buffer.concat(parts)));
    number += lines.length;
    yield { lines, first };
  }
  for await (const chunks of gather(stdin, BATCH)) {
    let parts: Buffer[] = [];
    for (const { kind, bytes } of chunks.flatMap((chunk) => [...splitter.take(chunk)])) {
      if (kind === 'lines') parts.push(bytes);
      else {
        yield* linesOf(parts);
        parts = [];
        reject(lineAt(bytes, number++, true), tooLong);
      }
    }
    yield* linesOf(parts);
  }
  for (const { bytes } of splitter.end()) reject(lineAt(bytes, number, true), tornLine);
}

/** All lines as one batch: nothing is stored until all are known to be lines. No batch for none. None was rejected. */
export async function* inOneBatch(arriving: AsyncIterable<WholeLines>): AsyncGenerator<WholeLines> {
  const lines = (await collect(arriving)).flatMap((batch) => batch.lines);
  if (lines.length > 0) yield { lines, first: 1 };
}

/** The rejection of a last line without newline, which may be half of what its writer meant to write. */
const tornLine: Rejection = {
  kind: 'torn',
  detail: 'last line has no newline and is not kept',
};

/** Rejects a file's last line without newline. @throws Failure (usage) if it is too long: then the file has no lines */
export function rejectTorn(
  { bytes, number }: { readonly bytes: Buffer; readonly number: number },
  file: string,
  reject: Reject,
): void {
  if (isTooLong(bytes)) {
    const message = `${file}: is not a file of lines: the last ${LONGEST_LINE} bytes have no newline`;
    throw new Failure(status.usage, message);
  }
  reject(lineAt(bytes, number, true, file), tornLine);
}

/** A line for messages, without its line ending. */
export function lineAt(bytes: Buffer, number: number, torn = false, source = STDIN): Line {
  return { text: bytes.toString().trimEnd(), source, number, torn };
}

/** The same lines without carriage returns before newlines. */
function withoutReturns(lines: Buffer): Buffer {
  if (!lines.includes('\r\n')) return lines;
  // latin1 keeps every byte, whatever the encoding of the lines.
  return Buffer.from(lines.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
