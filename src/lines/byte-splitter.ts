/**
 * From bytes, however they arrive, to whole lines: none is longer than the limit, and what is longer is said once.
 *
 * A BOM at the beginning is taken off. Memory: a line; whole lines of a chunk are a part of that chunk.
 */

import { isTooLong, LONGEST_LINE, SHOWN_OF_LONG, withoutBom } from './limits.ts';

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** A part of the input; all parts in their order, less what is left out of long lines, are the input. */
export interface Piece {
  /**
   * `lines`: whole lines, each with its newline. `long`: how a line begins that is longer than the limit. `torn`: the
   * last line, without a newline; perhaps half of what its writer meant to write.
   */
  readonly kind: 'lines' | 'long' | 'torn';
  /** Carriage returns are still there. Valid as long as the chunk it came with. */
  readonly bytes: Buffer;
}

/** Splits one source. */
export class ByteSplitter {
  readonly #limit: number;
  /** The line whose end has not come yet: the first `#length` bytes of this. */
  #begun: Buffer = NOTHING;
  #length = 0;
  #isFirst = true;
  /** Whether the rest of a long line is to be left out. */
  #isSkipping = false;

  /** @param limit of a line, in bytes without BOM, carriage return and newline */
  constructor(limit = LONGEST_LINE) {
    this.#limit = limit;
  }

  /** The lines that are whole with this chunk, and a long line as soon as it is known to be one. */
  *take(chunk: Buffer): Generator<Piece> {
    let start = 0;
    if (this.#isSkipping || this.#length > 0) {
      start = chunk.indexOf(NEWLINE) + 1;
      if (start === 0) yield* this.#goOn(chunk);
      else yield* this.#complete(chunk.subarray(0, start));
      if (start === 0) return;
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > start) yield* this.#whole(chunk.subarray(start, end));
    yield* this.#goOn(chunk.subarray(Math.max(start, end)));
  }

  /** The last line, if it had no newline. Nothing may be taken afterwards. */
  *end(): Generator<Piece> {
    if (this.#length > 0) yield { kind: 'torn', bytes: this.#fromStart(this.#takeBegun()) };
  }

  /** Begins a line, or goes on with it. */
  *#goOn(part: Buffer): Generator<Piece> {
    if (this.#isSkipping) return;
    this.#keep(part);
    const line = this.#begun.subarray(0, this.#length);
    if (!isTooLong(this.#isFirst ? withoutBom(line) : line, this.#limit)) return;
    yield this.#long(this.#fromStart(this.#takeBegun()));
    this.#isSkipping = true;
  }

  *#complete(end: Buffer): Generator<Piece> {
    if (!this.#isSkipping) {
      this.#keep(end);
      yield* this.#whole(this.#takeBegun());
    }
    this.#isSkipping = false;
  }

  /** Whole lines, and between them those that are too long. */
  *#whole(lines: Buffer): Generator<Piece> {
    const bytes = this.#fromStart(lines);
    let from = 0;
    for (let at = 0; bytes.length - at > this.#limit; ) {
      const near = bytes.lastIndexOf(NEWLINE, at + this.#limit);
      const end = near < at ? bytes.indexOf(NEWLINE, at + this.#limit) : near;
      const line = bytes.subarray(at, end);
      if (near < at && isTooLong(line, this.#limit)) {
        if (at > from) yield { kind: 'lines', bytes: bytes.subarray(from, at) };
        yield this.#long(line);
        from = end + 1;
      }
      at = end + 1;
    }
    if (from < bytes.length) yield { kind: 'lines', bytes: bytes.subarray(from) };
  }

  #long(line: Buffer): Piece {
    return { kind: 'long', bytes: line.subarray(0, Math.min(this.#limit, SHOWN_OF_LONG)) };
  }

  /** The next bytes of the source that are given away; the first ones without a BOM. */
  #fromStart(bytes: Buffer): Buffer {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst ? withoutBom(bytes) : bytes;
  }

  /** In memory that grows by doubling; a chunk may be gone when the next one comes. */
  #keep(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#begun.length) {
      const space = Buffer.allocUnsafe(this.#length === 0 ? length : 2 * length);
      this.#begun.copy(space, 0, 0, this.#length);
      this.#begun = space;
    }
    part.copy(this.#begun, this.#length);
    this.#length = length;
  }

  #takeBegun(): Buffer {
    const line = this.#begun.subarray(0, this.#length);
    this.#begun = NOTHING;
    this.#length = 0;
    return line;
  }
}

/** The lines one by one, each with its newline; the last one as it is. No bytes are no lines. */
export function splitBytes(lines: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(NEWLINE, at) + 1 || lines.length;
    parts.push(lines.subarray(at, end));
    at = end;
  }
  return parts;
}
