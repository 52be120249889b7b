/**
 * Reads lines of text from bytes, in batches as they arrive.
 *
 * The byte splitter enforces the limit and drops the BOM; split2 splits its complete lines. Bytes that are not UTF-8 become
 * unpaired surrogates, see `text.ts`. Memory: one chunk and one line.
 */

import { isUtf8 } from 'node:buffer';
import type { Transform } from 'node:stream';
import { ByteSplitter } from './byte-splitter.ts';
import { tooLong } from './limits.ts';
import type { Line, Reject } from './line.ts';
import { decodeText } from './text.ts';
import { type LinesOf, usualLines } from './text-form.ts';

/**
 * The lines of a source, numbered. A line beyond the limit is rejected, with its beginning as its text.
 *
 * @throws what `chunks` throws, after the lines before it
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  source: string,
  reject: Reject,
  { firstLine, hasSwappedBreaks }: LinesOf = usualLines,
): AsyncGenerator<Line[]> {
  const splitter = new ByteSplitter();
  const split = textSplitter();
  let number = firstLine - 1;
  const swapped = hasSwappedBreaks && { hasSwappedBreaks };
  const toLine = (read: string, torn: boolean): Line => {
    const hasReturn = read.endsWith('\r');
    return {
      text: hasReturn ? read.slice(0, -1) : read,
      source,
      number: ++number,
      torn,
      hasReturn,
      ...swapped,
    };
  };
  for await (const chunk of chunks) {
    let lines: Line[] = [];
    for (const { kind, bytes } of splitter.take(chunk)) {
      if (kind === 'lines') for (const text of await split(bytes)) lines.push(toLine(text, false));
      else {
        // Yield the lines before it first, so that the order of messages does not depend on where chunks end.
        if (lines.length > 0) yield lines;
        lines = [];
        reject(toLine(decodeText(bytes), true), tooLong);
      }
    }
    if (lines.length > 0) yield lines;
  }
  for (const { bytes } of splitter.end()) yield [toLine(decodeText(bytes), true)];
}

/** Splits complete lines, keeping carriage returns. split2 takes 2.5 ms to load; most runs have only the first lines. */
function textSplitter(): (lines: Buffer) => Promise<string[]> {
  let isFirst = true;
  let splitter: Transform | undefined;
  return async (lines) => {
    if (isFirst || !isUtf8(lines)) {
      isFirst = false;
      return decodeText(lines).split('\n').slice(0, -1);
    }
    splitter ??= (await import('split2')).default('\n');
    const texts: string[] = [];
    splitter.write(lines);
    for (let text = splitter.read(); text !== null; text = splitter.read()) texts.push(text);
    return texts;
  };
}
