/**
 * From bytes to lines, in batches as they arrive, with split2.
 *
 * A BOM and carriage returns are taken off, UTF-8 may be cut anywhere, and the last line says if it had no newline.
 * Memory: one chunk and one line; a line beyond 1 MiB is rejected, with its beginning as its text.
 */

import type { Transform } from 'node:stream';
import type { Line, Reject } from './line.ts';

const NEWLINE = 10;
const BYTE_ORDER_MARK = /^\ufeff/;
/** In bytes. */
export const LONGEST_LINE = 1 << 20;

export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  source: string,
  reject: Reject,
): AsyncGenerator<Line[]> {
  // There while a line is cut: small input is whole lines, and to load split2 takes longer than to read that.
  let splitter: Transform | undefined;
  let number = 0;
  let pending = 0;
  let skipping = false;
  const toLine = (text: string, torn: boolean): Line => {
    number += 1;
    return { text: number === 1 ? text.replace(BYTE_ORDER_MARK, '') : text, source, number, torn };
  };
  for await (let chunk of chunks) {
    if (skipping) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) continue;
      chunk = chunk.subarray(end + 1);
      skipping = false;
    }
    const newline = chunk.lastIndexOf(NEWLINE);
    if (pending > 0 || newline < chunk.length - 1) splitter ??= await newSplitter();
    else splitter = undefined;
    const pieces = splitter === undefined ? uncut(chunk) : cut(splitter, chunk);
    const lines = pieces.map((piece) => toLine(piece, false));
    pending = newline < 0 ? pending + chunk.length : chunk.length - newline - 1;
    if (pending > LONGEST_LINE) {
      const rest = await remainder(splitter);
      number += 1;
      const beginning: Line = { text: rest.slice(0, 1024), source, number, torn: true };
      reject(beginning, { kind: 'too long', detail: `line is longer than ${LONGEST_LINE} bytes` });
      splitter = undefined;
      pending = 0;
      skipping = true;
    }
    if (lines.length > 0) yield lines;
  }
  const rest = await remainder(splitter);
  if (rest !== '') yield [toLine(rest.replace(/\r$/, ''), true)];
}

/** The lines of a chunk that begins and ends with one, as split2 would give them. */
function uncut(chunk: Buffer): string[] {
  return chunk.toString().split(/\r?\n/).slice(0, -1);
}

async function newSplitter(): Promise<Transform> {
  const { default: split2 } = await import('split2');
  return split2();
}

/** The lines that end in this chunk; the rest of it waits in the splitter. */
function cut(splitter: Transform, chunk: Buffer): string[] {
  const pieces: string[] = [];
  splitter.write(chunk);
  for (let piece = splitter.read(); piece !== null; piece = splitter.read()) pieces.push(piece);
  return pieces;
}

/** What comes out only at the end had no newline. */
async function remainder(splitter: Transform | undefined): Promise<string> {
  let rest = '';
  if (splitter === undefined) return rest;
  splitter.end();
  for await (const piece of splitter) rest += piece;
  return rest;
}
