/**
 * Lines that end in carriage returns alone, as Excel for Mac writes them, made lines that end in newlines.
 *
 * Each carriage return becomes a newline, so that lines do not depend on quotes, and a quote that never closes costs no more
 * than elsewhere. In quotes newlines become carriage returns in turn: whoever has found the end of a quoted field calls
 * `swapBreaks`, and has its text as it was. Newlines outside quotes end lines as well, with or without a carriage return.
 */

import { MOST_RECORD_LINES } from './limits.ts';

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34];

/** How many bytes tell how lines end. */
export const LINE_END_HEAD = 1 << 16;

/** Whether these bytes tell at once how lines end. */
export function hasNewline(bytes: Buffer): boolean {
  return bytes.includes(NEWLINE);
}

/** Whether the lines of input with this beginning, all of it or LINE_END_HEAD bytes or more, end in carriage returns. */
export function endsInReturns(beginning: Buffer): boolean {
  const head = beginning.subarray(0, LINE_END_HEAD);
  if (hasNewline(head)) return false;
  const at = head.indexOf(RETURN);
  // Behind the last byte of a long one there may be a newline.
  return at >= 0 && (at < head.length - 1 || head.length < LINE_END_HEAD);
}

/** The same lines, each with a newline at its end; in quotes, newlines and carriage returns have changed places. */
export async function* newlinesForReturns(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const ends = new LineEnds();
  for await (const chunk of chunks) yield ends.take(chunk);
  yield ends.end();
}

/** Text from a quoted field of such input, as it was. */
export function swapBreaks(text: string): string {
  if (!/[\r\n]/.test(text)) return text;
  return text.replace(/[\r\n]/g, (character) => (character === '\n' ? '\r' : '\n'));
}

/** As `swapBreaks`, in place. */
export function swapBreaksIn(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = swapped(bytes[at] ?? 0);
}

function swapped(byte: number): number {
  if (byte === NEWLINE) return RETURN;
  return byte === RETURN ? NEWLINE : byte;
}

/** Changes one chunk after the other. */
class LineEnds {
  #isQuoted = false;
  /** Lines that the open quote has gone over. */
  #lines = 0;
  /** Whether a carriage return waits for the byte behind it. */
  #waits = false;

  take(chunk: Buffer): Buffer {
    const bytes = Buffer.allocUnsafe(chunk.length + 1);
    let to = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#waits) bytes[to++] = byte === NEWLINE ? RETURN : NEWLINE;
      this.#waits = byte === RETURN && !this.#isQuoted;
      if (!this.#waits) bytes[to++] = this.#isQuoted ? this.#quoted(byte) : byte;
      if (byte === QUOTE) this.#toggle();
    }
    return bytes.subarray(0, to);
  }

  end(): Buffer {
    return Buffer.from(this.#waits ? '\n' : '');
  }

  #quoted(byte: number): number {
    // A quote that is open for longer is a mistake.
    if (byte === RETURN && ++this.#lines >= MOST_RECORD_LINES) this.#isQuoted = false;
    return swapped(byte);
  }

  #toggle(): void {
    this.#isQuoted = !this.#isQuoted;
    this.#lines = 0;
  }
}
