/**
 * A JSON array of objects as lines: each element becomes one, with blanks for its line breaks.
 *
 * Input that does not begin as such an array passes as it is. Several arrays may follow one another, as when answers of an
 * API are concatenated. Whether an element is valid is for the reader of the lines to say. Memory: none beside a chunk.
 */

import { withoutBom } from './limits.ts';

const [TAB, NEWLINE, RETURN, BLANK, QUOTE, COMMA, BACKSLASH] = [9, 10, 13, 32, 34, 44, 92];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];
/** Stands for a line break within a string, where JSON allows neither. */
const SEPARATOR = 31;
const NOTHING = Buffer.alloc(0);

/** Bytes that tell what the source is; more blanks than that begin no array. */
const HINT = 1024;
const ARRAY = /^\s*\[\s*[{\]]/;
/** Matches the beginning of an array, or of a BOM, when more must come. */
const UNCLEAR = /^(?:\xef\xbb?|\s*(?:\[\s*)?)$/;

/** Matches an array that ends before its first element. */
const OPENED = /^\s*\[\s*$/;

/** Turns one source into lines, chunk by chunk. */
export class ArrayLines {
  /** Undefined while it is not known. */
  #isArray: boolean | undefined;
  /** Bytes that do not tell yet. */
  #head: Buffer = NOTHING;
  /** Number of brackets and braces that are open; 1 between the elements of an array. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Whether bytes of the present line have come. */
  #hasBegun = false;

  /** Whether the input is one, as far as is known. */
  get isArray(): boolean {
    return this.#isArray === true;
  }

  /** Whether the input has stopped within an array. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** The chunk as lines and parts of lines. Its memory is used for them. */
  take(chunk: Buffer): Buffer {
    if (this.#isArray !== undefined) return this.#isArray ? this.#convert(chunk) : chunk;
    this.#head = Buffer.concat([this.#head, chunk]);
    const hint = withoutBom(this.#head).toString('latin1', 0, HINT);
    if (hint.length < HINT && UNCLEAR.test(hint)) return NOTHING;
    this.#isArray = ARRAY.test(hint);
    return this.#isArray ? this.#convert(withoutBom(this.#takeHead())) : this.#takeHead();
  }

  /** The bytes that are left when the input ends. */
  end(): Buffer {
    const head = this.#takeHead();
    return OPENED.test(withoutBom(head).toString('latin1')) ? this.#convert(withoutBom(head)) : head;
  }

  #takeHead(): Buffer {
    const head = this.#head;
    this.#head = NOTHING;
    return head;
  }

  #convert(bytes: Buffer): Buffer {
    let end = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = this.#step(bytes[at] ?? 0);
      if (byte >= 0) bytes[end++] = byte;
    }
    return bytes.subarray(0, end);
  }

  /** The byte that stands for this one; -1 for none. */
  #step(byte: number): number {
    if (this.#isInString) return this.#stepInString(byte);
    const isBlank = byte === BLANK || byte === NEWLINE || byte === RETURN || byte === TAB;
    if (this.#depth === 0 && byte === NEWLINE && this.#hasBegun) return this.#endLine();
    if (isBlank) return this.#hasBegun ? BLANK : -1;
    if (this.#depth === 0 && byte === OPEN_BRACKET && !this.#hasBegun) {
      this.#depth = 1;
      return -1;
    }
    if (this.#depth === 1 && byte === COMMA) return this.#endLine();
    return this.#depth > 0 ? this.#stepInArray(byte) : this.#goOn(byte);
  }

  #stepInString(byte: number): number {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
    return byte === NEWLINE || byte === RETURN ? SEPARATOR : byte;
  }

  #stepInArray(byte: number): number {
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) this.#depth++;
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.#depth--;
    return this.#depth === 0 ? this.#endLine() : this.#goOn(byte);
  }

  #goOn(byte: number): number {
    this.#hasBegun = true;
    return byte;
  }

  #endLine(): number {
    this.#hasBegun = false;
    return NEWLINE;
  }
}
