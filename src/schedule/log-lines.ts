/** Turns what a try prints on one of its outputs into the lines of its log, however the bytes arrive. */

const NEWLINE = 10;
/** `2026-11-21T10:04:00.123Z O `, of which the last byte is `+` when the line goes on from the one before. */
const PREFIX_BYTES = 27;
const PLUS = 0x2b;
/** A longer line is cut, so that a line without end takes no memory. */
const LONGEST_PART = 1 << 16;

/** One output. Memory: a part of a line. */
export class LogLines {
  readonly #letter: 'O' | 'E';
  #begun: Buffer[] = [];
  #length = 0;
  #isGoingOn = false;

  constructor(letter: 'O' | 'E') {
    this.#letter = letter;
  }

  /** The lines that end in this chunk. */
  take(chunk: Buffer, now: number): Buffer {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const whole = end === 0 ? [] : [this.#decorate(this.#join(chunk.subarray(0, end)), now)];
    this.#begin(chunk.subarray(end));
    if (this.#length < LONGEST_PART) return Buffer.concat(whole);
    const part = this.#decorate(this.#join(Buffer.of(NEWLINE)), now);
    this.#isGoingOn = true;
    return Buffer.concat([...whole, part]);
  }

  /** The last line, if it has no newline. */
  end(now: number): Buffer {
    return this.#length === 0 ? Buffer.alloc(0) : this.#decorate(this.#join(Buffer.of(NEWLINE)), now);
  }

  #begin(part: Buffer): void {
    if (part.length === 0) return;
    this.#begun.push(Buffer.from(part));
    this.#length += part.length;
  }

  #join(end: Buffer): Buffer {
    if (this.#length === 0) return end;
    const bytes = Buffer.concat([...this.#begun, end]);
    this.#begun = [];
    this.#length = 0;
    return bytes;
  }

  /** @param lines whole ones, each with its newline */
  #decorate(lines: Buffer, now: number): Buffer {
    const prefix = Buffer.from(`${new Date(now).toISOString()} ${this.#letter} `, 'latin1');
    const decorated = Buffer.allocUnsafe(lines.length + countOf(lines) * PREFIX_BYTES);
    let to = 0;
    let isStart = true;
    // Byte by byte, since calls for each line take twenty times as long where lines are short.
    for (const byte of lines) {
      if (isStart) for (let at = 0; at < PREFIX_BYTES; at++) decorated[to++] = prefix[at] ?? 0;
      decorated[to++] = byte;
      isStart = byte === NEWLINE;
    }
    if (this.#isGoingOn) decorated[PREFIX_BYTES - 1] = PLUS;
    this.#isGoingOn = false;
    return decorated;
  }
}

function countOf(lines: Buffer): number {
  let count = 0;
  for (const byte of lines) if (byte === NEWLINE) count++;
  return count;
}
