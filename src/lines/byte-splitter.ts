/**
 * Splits bytes into whole lines, the same ones however the bytes arrive: the one place that finds lines outside kernels.
 *
 * A line beyond the limit comes as its beginning only, and a BOM at the beginning of the source is left out. Memory: a line;
 * whole lines are a part of their chunk.
 */

import { isTooLong, LONGEST_LINE, SHOWN_OF_LONG, withoutBom } from './limits.ts';

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** A part of the input. All of them, in their order, are the input, but for the rest of lines that are too long. */
export interface Piece {
  /**
   * `lines`: whole lines, each with its newline. `long`: the beginning of a line that is longer than the limit. `torn`:
   * the last line, if it has no newline; it may be half of what its writer meant to write.
   */
  readonly kind: 'lines' | 'long' | 'torn';
  /** With carriage returns. Valid as long as the chunk that it came with. */
  readonly bytes: Buffer;
}

/** Splits one source. */
export class ByteSplitter {
  readonly #limit: number;
  readonly #end: number;
  /** Holds the line whose end has not come yet, in its first `#length` bytes. */
  #begun: Buffer = NOTHING;
  #length = 0;
  #isFirst: boolean;
  /** Whether the rest of a long line is to be left out. */
  #isSkipping = false;

  /**
   * @param limit of a line, in bytes without BOM, carriage return and newline
   * @param end the byte that ends a line; with another than a newline nothing is left out, not even a BOM
   */
  constructor(limit = LONGEST_LINE, end = NEWLINE) {
    this.#limit = limit;
    this.#end = end;
    this.#isFirst = end === NEWLINE;
  }

  /** The lines that end in this chunk, and a long line as soon as it is known to be one. */
  *take(chunk: Buffer): Generator<Piece> {
    let start = 0;
    if (this.#isSkipping || this.#length > 0) {
      start = chunk.indexOf(this.#end) + 1;
      if (start === 0) yield* this.#goOn(chunk);
      else yield* this.#complete(chunk.subarray(0, start));
      if (start === 0) return;
    }
    const end = chunk.lastIndexOf(this.#end) + 1;
    if (end > start) yield* this.#whole(chunk.subarray(start, end));
    yield* this.#goOn(chunk.subarray(Math.max(start, end)));
  }

  /** The last line, if it has no newline. Ends the source. */
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
      const near = bytes.lastIndexOf(this.#end, at + this.#limit);
      const end = near < at ? bytes.indexOf(this.#end, at + this.#limit) : near;
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

  /** The bytes to be given away next: at the beginning of the source without the BOM. */
  #fromStart(bytes: Buffer): Buffer {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst ? withoutBom(bytes) : bytes;
  }

  /** Copies a part of a line, since its chunk may be gone when the next one comes. The memory grows by doubling. */
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

/** The lines one by one, each with its newline or other end, if it has one; no bytes give no lines. */
export function splitBytes(lines: Buffer, ending = NEWLINE): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(ending, at) + 1 || lines.length;
    parts.push(lines.subarray(at, end));
    at = end;
  }
  return parts;
}
