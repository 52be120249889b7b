/**
 * Reads lines of text from bytes, in batches as they arrive.
 *
 * The byte splitter sees to the limit and the BOM; split2 divides its whole lines, without carriage returns before newlines.
 * Bytes that are not UTF-8 become U+FFFD. Memory: one chunk and one line.
 */

import type { Transform } from 'node:stream';
import { ByteSplitter } from './byte-splitter.ts';
import { tooLong } from './limits.ts';
import type { Line, Reject } from './line.ts';

/**
 * The lines of a source, numbered from 1. A line beyond the limit is rejected, with its beginning as its text.
 *
 * @throws what `chunks` throws, after the lines before it
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  source: string,
  reject: Reject,
): AsyncGenerator<Line[]> {
  const splitter = new ByteSplitter();
  const split = textSplitter();
  let number = 0;
  const toLine = (text: string, torn: boolean): Line => ({ text, source, number: ++number, torn });
  for await (const chunk of chunks) {
    let lines: Line[] = [];
    for (const { kind, bytes } of splitter.take(chunk)) {
      if (kind === 'lines') for (const text of await split(bytes)) lines.push(toLine(text, false));
      else {
        // The lines before it come first, so that messages come in the same order wherever a chunk ends.
        if (lines.length > 0) yield lines;
        lines = [];
        reject(toLine(bytes.toString(), true), tooLong);
      }
    }
    if (lines.length > 0) yield lines;
  }
  for (const { bytes } of splitter.end()) yield [toLine(bytes.toString().replace(/\r$/, ''), true)];
}

/** Divides whole lines. The first ones without split2: to load it takes 2.5 ms, and most runs have no other lines. */
function textSplitter(): (lines: Buffer) => Promise<string[]> {
  let isFirst = true;
  let splitter: Transform | undefined;
  return async (lines) => {
    if (isFirst) {
      isFirst = false;
      return lines.toString().split(/\r?\n/).slice(0, -1);
    }
    splitter ??= (await import('split2')).default();
    const texts: string[] = [];
    splitter.write(lines);
    for (let text = splitter.read(); text !== null; text = splitter.read()) texts.push(text);
    return texts;
  };
}
