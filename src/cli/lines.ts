/**
 * From bytes to lines, in batches as they arrive, with split2.
 *
 * A BOM and carriage returns are taken off, UTF-8 may be cut anywhere, and the last line says if it had no newline.
 * Memory: one chunk and one line; a line beyond 1 MiB is rejected, with its beginning as its text.
 */

import split2 from 'split2';
import type { Line, Reject } from '../readings/line.ts';

const NEWLINE = 10;
const LONGEST = 1 << 20;

export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  source: string,
  reject: Reject,
): AsyncGenerator<Line[]> {
  let splitter = newSplitter();
  let number = 0;
  let pending = 0;
  let skipping = false;
  const toLine = (piece: string): Line => {
    number += 1;
    const torn = !piece.endsWith('\n');
    let end = torn ? piece.length : piece.length - 1;
    if (piece.charCodeAt(end - 1) === 13) end -= 1;
    const start = number === 1 && piece.charCodeAt(0) === 0xfeff ? 1 : 0;
    return { text: piece.slice(start, end), source, number, torn };
  };
  for await (let chunk of chunks) {
    if (skipping) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) continue;
      chunk = chunk.subarray(end + 1);
      skipping = false;
    }
    const lines: Line[] = [];
    splitter.write(chunk);
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) lines.push(toLine(piece));
    const newline = chunk.lastIndexOf(NEWLINE);
    pending = newline < 0 ? pending + chunk.length : chunk.length - newline - 1;
    if (pending > LONGEST) {
      const rest = await remainder(splitter);
      number += 1;
      const beginning: Line = { text: rest.slice(0, 1024), source, number, torn: true };
      reject(beginning, { kind: 'too long', detail: `line is longer than ${LONGEST} bytes` });
      splitter = newSplitter();
      pending = 0;
      skipping = true;
    }
    if (lines.length > 0) yield lines;
  }
  const rest = await remainder(splitter);
  if (rest !== '') yield [toLine(rest)];
}

/** Splits after each newline, so that a last line without one can be told from a whole line. */
function newSplitter() {
  return split2(/(?<=\n)/);
}

async function remainder(splitter: ReturnType<typeof newSplitter>): Promise<string> {
  let rest = '';
  splitter.end();
  for await (const piece of splitter) rest += piece;
  return rest;
}
