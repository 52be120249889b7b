/**
 * Cuts the text of an event stream behind its blank lines, in bounded memory: comments between events are dropped, and of an
 * event that is too long only its id is kept.
 */

import { LONGEST_LINE } from '../lines/limits.ts';

/** In bytes of UTF-8; a longer id is not used. */
export const LONGEST_ID = 1 << 16;

/** In characters, with all lines of an event, its comments too. */
const LONGEST_BLOCK = LONGEST_LINE + 2 * LONGEST_ID;
/** In characters; enough to see that an id is too long. */
const LONGEST_ID_LINE = LONGEST_ID + 16;
const NOTHING = /^(?:\n|:[^\n]*\n)+/;
const NEWLINE = 10;
const ID = 'id';

/** The lines up to a blank one, which is their end. */
interface Block {
  readonly text: string;
  /** Whether only the line of its id is left, if it has one. */
  readonly isTooLong: boolean;
}

/** Splits one stream, whose lines all end in a newline. */
export class BlockSplitter {
  /** Text behind the last blank line: all but `#further`. */
  #rest = '';
  /** What has come since, without a blank line: it is joined only when it must be looked at again. */
  #further: string[] = [];
  #furtherLength = 0;
  /** The line with the id of the block that is being read and is too long; undefined while none is. */
  #idLine: string | undefined;

  /** The lines that no blank line has ended, without the last one if it has no newline. */
  get unfinished(): string {
    const all = this.#rest + this.#further.join('');
    return all.slice(0, all.lastIndexOf('\n') + 1);
  }

  /** Takes the next text. @returns the blocks that it ends */
  push(text: string): Block[] {
    if (this.#goesOn(text)) return [];
    const blocks: Block[] = [];
    const before = this.#takeRest();
    const all = before + text;
    let start = 0;
    // A newline at the end of the rest may be the first half of a blank line.
    let from = Math.max(0, before.length - 1);
    if (this.#idLine !== undefined) {
      start = this.#skip(all);
      if (this.#idLine !== undefined && start < 0) return blocks;
      blocks.push({ text: `${this.#idLine}\n\n`, isTooLong: true });
      this.#idLine = undefined;
      from = start;
    }
    for (let end = all.indexOf('\n\n', from); end >= 0; end = all.indexOf('\n\n', start)) {
      blocks.push({ text: all.slice(start, end + 2), isTooLong: false });
      start = end + 2;
    }
    this.#rest = all.slice(start).replace(NOTHING, '');
    if (this.#rest.length > LONGEST_BLOCK) this.#beginSkipping();
    return blocks;
  }

  /** Puts text aside that ends no block, as most parts of a long one do. @returns whether it has */
  #goesOn(text: string): boolean {
    const isComment = this.#rest.startsWith(':');
    // What a comment says does not matter.
    if (isComment && this.#idLine === undefined) return !text.includes('\n');
    // Nor what follows as much of an id as is too long.
    if (this.#idLine !== undefined && this.#rest.length === LONGEST_ID_LINE) return !text.includes('\n');
    if (this.#rest === '' || this.#idLine !== undefined || text.includes('\n\n')) return false;
    if (text.startsWith('\n') && (this.#further.at(-1) ?? this.#rest).endsWith('\n')) return false;
    if (this.#rest.length + this.#furtherLength + text.length > LONGEST_BLOCK) return false;
    if (text !== '') this.#further.push(text);
    this.#furtherLength += text.length;
    return true;
  }

  #takeRest(): string {
    const all = this.#rest + this.#further.join('');
    this.#further = [];
    this.#furtherLength = 0;
    return all;
  }

  #beginSkipping(): void {
    this.#idLine = '';
    this.#skip(this.#rest);
  }

  /** Reads lines of a block that is too long. @returns the offset behind its blank line; -1 when it goes on */
  #skip(all: string): number {
    let at = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', at)) {
      if (end === at) return end + 1;
      if (all.startsWith(ID, at) && /[:\n]/.test(all.charAt(at + 2))) this.#idLine = all.slice(at, end);
      at = end + 1;
    }
    const line = all.slice(at, at + LONGEST_ID_LINE);
    this.#rest = ID.startsWith(line.slice(0, ID.length)) ? line : line.slice(0, ID.length);
    return -1;
  }
}

/** Makes each line end of chunks of text, which may be cut anywhere, one newline: at once, though more of it may follow. */
export function lineEnds(): (text: string) => string {
  let endedWithReturn = false;
  return (text) => {
    if (text === '') return text;
    const isSplit = endedWithReturn && text.charCodeAt(0) === NEWLINE;
    endedWithReturn = text.endsWith('\r');
    const unix = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    return isSplit ? unix.slice(1) : unix;
  };
}
