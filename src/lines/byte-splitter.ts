/**
 * Splits bytes into complete lines, the same ones however the bytes arrive. Outside kernels, this is the only place that
 * finds lines.
 *
 * Only the beginning of a line beyond the limit is passed on, and a BOM at the start of the source is dropped. Memory: one
 * line; complete lines are views of their chunk.
 */

import { isTooLong, LONGEST_LINE, SHOWN_OF_LONG, withoutBom } from './limits.ts';

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** A part of the input. Together, in order, they are the whole input, except for the rest of lines that are too long. */
export interface Piece {
  /**
   * `lines`: complete lines, each with its newline. `long`: the beginning of a line beyond the limit. `torn`: the last
   * line, if it has no newline; it may be half of what its writer meant to write.
   */
  readonly kind: 'lines' | 'long' | 'torn';
  /** With carriage returns. Valid as long as the chunk it came from. */
  readonly bytes: Buffer;
}

/** Splits one source. */
export class ByteSplitter {
  readonly #limit: number;
  readonly #end: number;
  /** Holds the unfinished line, in its first `#length` bytes. */
  #partial: Buffer = NOTHING;
  #length = 0;
  #isFirst: boolean;
  /** Whether the rest of a long line is being skipped. */
  #isSkipping = false;

  /**
   * @param limit of a line, in bytes without BOM, carriage return and newline
   * @param end the byte that ends a line; unless it is a newline nothing is dropped, not even a BOM
   */
  constructor(limit = LONGEST_LINE, end = NEWLINE) {
    this.#limit = limit;
    this.#end = end;
    this.#isFirst = end === NEWLINE;
  }

  /** The lines that end in this chunk, and a long line as soon as it exceeds the limit. */
  *take(chunk: Buffer): Generator<Piece> {
    let start = 0;
    if (this.#isSkipping || this.#length > 0) {
      start = chunk.indexOf(this.#end) + 1;
      if (start === 0) yield* this.#extend(chunk);
      else yield* this.#complete(chunk.subarray(0, start));
      if (start === 0) return;
    }
    const end = chunk.lastIndexOf(this.#end) + 1;
    if (end > start) yield* this.#whole(chunk.subarray(start, end));
    yield* this.#extend(chunk.subarray(Math.max(start, end)));
  }

  /** The last line, if it has no newline. Ends the source. */
  *end(): Generator<Piece> {
    if (this.#length > 0) yield { kind: 'torn', bytes: this.#fromStart(this.#takePartial()) };
  }

  /** Begins or continues a line. */
  *#extend(part: Buffer): Generator<Piece> {
    if (this.#isSkipping) return;
    this.#keep(part);
    const line = this.#partial.subarray(0, this.#length);
    if (!isTooLong(this.#isFirst ? withoutBom(line) : line, this.#limit)) return;
    yield this.#long(this.#fromStart(this.#takePartial()));
    this.#isSkipping = true;
  }

  *#complete(end: Buffer): Generator<Piece> {
    if (!this.#isSkipping) {
      this.#keep(end);
      yield* this.#whole(this.#takePartial());
    }
    this.#isSkipping = false;
  }

  /** Complete lines, and between them those that are too long. */
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

  /** Drops the BOM from the first bytes of the source that are passed on. */
  #fromStart(bytes: Buffer): Buffer {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst ? withoutBom(bytes) : bytes;
  }

  /** Copies a part of a line, because the memory of its chunk may be reused for the next one. Grows by doubling. */
  #keep(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#partial.length) {
      const space = Buffer.allocUnsafe(this.#length === 0 ? length : 2 * length);
      this.#partial.copy(space, 0, 0, this.#length);
      this.#partial = space;
    }
    part.copy(this.#partial, this.#length);
    this.#length = length;
  }

  #takePartial(): Buffer {
    const line = this.#partial.subarray(0, this.#length);
    this.#partial = NOTHING;
    this.#length = 0;
    return line;
  }
}

/** The lines one by one, each including its newline or other end, if any; no bytes give no lines. */
export function splitBytes(lines: Buffer, ending = NEWLINE): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(ending, at) + 1 || lines.length;
    parts.push(lines.subarray(at, end));
    at = end;
  }
  return parts;
}
