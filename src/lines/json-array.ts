/**
 * Turns a JSON array of objects into lines: each element becomes one, with blanks for its line breaks.
 *
 * Input that does not begin with such an array, perhaps below comments, passes unchanged. Several arrays may follow one
 * another, like concatenated answers of an API. Elements are validated by the reader of the lines. Memory: one chunk.
 */

import { withoutBom } from './limits.ts';

const [TAB, NEWLINE, RETURN, BLANK, QUOTE, COMMA, BACKSLASH] = [9, 10, 13, 32, 34, 44, 92];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];
/** Replaces line breaks within a string, where JSON allows neither them nor this. */
const SEPARATOR = 31;
const NOTHING = Buffer.alloc(0);

/** How many bytes are enough to tell the format; an array begins within them. */
const HINT = 1024;
const ARRAY = /^\s*\[\s*[{\]]/;
/** Matches a possible beginning of an array, or of a BOM, so that more bytes are needed. */
const UNCLEAR = /^(?:\xef\xbb?|\s*(?:\[\s*)?)$/;

/** Matches an array that ends before its first element. */
const OPENED = /^\s*\[\s*$/;

const WHOLE_LINE = /[^\n]*\n/g;

/** Turns one source into lines, chunk by chunk. */
export class ArrayLines {
  /** As text of single bytes; undefined for none. */
  readonly #comment: string | undefined;
  /** Undefined until known. */
  #isArray: boolean | undefined;
  /** Bytes that are not enough to tell. */
  #head: Buffer = NOTHING;
  /** Number of open brackets and braces; 1 between the elements of an array. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Whether the current line has any bytes. */
  #hasBegun = false;
  #comments = 0;

  /** @param comment the prefix of lines that may stand above the array; undefined for none */
  constructor(comment?: string) {
    this.#comment = comment === undefined ? undefined : Buffer.from(comment).toString('latin1');
  }

  /** The number of lines above the array that were dropped as comments. */
  get comments(): number {
    return this.#comments;
  }

  /** Whether the input is an array, as far as is known. */
  get isArray(): boolean {
    return this.#isArray === true;
  }

  /** Whether the input so far ends within an array. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** The chunk as lines and parts of lines. Reuses the chunk's memory. */
  take(chunk: Buffer): Buffer {
    if (this.#isArray !== undefined) return this.#isArray ? this.#convert(chunk) : chunk;
    this.#head = Buffer.concat([this.#head, chunk]);
    const hint = withoutBom(this.#head).toString('latin1', 0, HINT);
    const { length, comments } = this.#above(hint);
    const first = hint.slice(length);
    if (hint.length < HINT && (UNCLEAR.test(first) || this.#mayBeComment(first))) return NOTHING;
    this.#isArray = ARRAY.test(first);
    if (!this.#isArray) return this.#takeHead();
    this.#comments = comments;
    return this.#convert(withoutBom(this.#takeHead()).subarray(length));
  }

  /** The bytes left at the end of the input. */
  end(): Buffer {
    const head = this.#takeHead();
    return OPENED.test(withoutBom(head).toString('latin1')) ? this.#convert(withoutBom(head)) : head;
  }

  /** The comments at the beginning, and blank lines among them. */
  #above(text: string): { length: number; comments: number } {
    let [length, comments] = [0, 0];
    if (this.#comment === undefined) return { length, comments };
    for (const [line] of text.matchAll(WHOLE_LINE)) {
      const isComment = line.startsWith(this.#comment);
      if (!isComment && line.trim() !== '') break;
      if (isComment) comments++;
      length += line.length;
    }
    return { length, comments };
  }

  /** Whether an unfinished line is a comment, or may become one. */
  #mayBeComment(line: string): boolean {
    return this.#comment !== undefined && (line.startsWith(this.#comment) || this.#comment.startsWith(line));
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

  /** The byte that replaces this one; -1 for none. */
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
    return this.#depth > 0 ? this.#stepInArray(byte) : this.#emit(byte);
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
    return this.#depth === 0 ? this.#endLine() : this.#emit(byte);
  }

  #emit(byte: number): number {
    this.#hasBegun = true;
    return byte;
  }

  #endLine(): number {
    this.#hasBegun = false;
    return NEWLINE;
  }
}
