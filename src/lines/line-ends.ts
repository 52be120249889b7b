/**
 * Converts lines that end in carriage returns alone, as Excel for Mac writes them, to lines that end in newlines.
 *
 * Every carriage return becomes a newline, so that splitting lines does not depend on quotes, and an unclosed quote costs
 * no more than elsewhere. Within quotes newlines become carriage returns in turn: whoever parses a quoted field calls
 * `swapBreaks` to restore its text. Newlines outside quotes end lines as well, with or without a carriage return.
 */

import { MAX_RECORD_LINES } from './limits.ts';

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34];

/** How many bytes are enough to tell how lines end. */
export const LINE_END_HEAD = 1 << 16;

/** Whether these bytes tell at once how lines end. */
export function hasNewline(bytes: Buffer): boolean {
  return bytes.includes(NEWLINE);
}

/** Whether lines end in carriage returns. @param beginning the whole input, or at least LINE_END_HEAD bytes of it */
export function endsInReturns(beginning: Buffer): boolean {
  const head = beginning.subarray(0, LINE_END_HEAD);
  if (hasNewline(head)) return false;
  const at = head.indexOf(RETURN);
  // A newline may follow the last byte of a long beginning.
  return at >= 0 && (at < head.length - 1 || head.length < LINE_END_HEAD);
}

/** The same lines, each ending in a newline; within quotes, newlines and carriage returns are swapped. */
export async function* newlinesForReturns(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const ends = new LineEnds();
  for await (const chunk of chunks) yield ends.take(chunk);
  yield ends.end();
}

/** Restores the text of a quoted field of such input. */
export function swapBreaks(text: string): string {
  if (!/[\r\n]/.test(text)) return text;
  return text.replace(/[\r\n]/g, (character) => (character === '\n' ? '\r' : '\n'));
}

/** Like `swapBreaks`, in place. */
export function swapBreaksIn(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = swapped(bytes[at] ?? 0);
}

function swapped(byte: number): number {
  if (byte === NEWLINE) return RETURN;
  return byte === RETURN ? NEWLINE : byte;
}

/** Converts one chunk after the other. */
class LineEnds {
  #isQuoted = false;
  /** Lines that the open quote spans. */
  #lines = 0;
  /** Whether a carriage return is held back until the next byte is known. */
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
    // A quote that stays open for longer is a mistake.
    if (byte === RETURN && ++this.#lines >= MAX_RECORD_LINES) this.#isQuoted = false;
    return swapped(byte);
  }

  #toggle(): void {
    this.#isQuoted = !this.#isQuoted;
    this.#lines = 0;
  }
}
