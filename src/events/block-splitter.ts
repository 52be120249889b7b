/**
 * Splits the text of an event stream at its blank lines, in bounded memory: drops comments between events, and keeps
 * only the id of an event that is too long.
 */

import { LONGEST_LINE } from '../lines/limits.ts';

/** Maximum length of an id in bytes of UTF-8; a longer id is ignored. */
export const LONGEST_ID = 1 << 16;

/** Maximum length of an event in characters, with all lines and comments. */
const LONGEST_BLOCK = LONGEST_LINE + 2 * LONGEST_ID;
/** In characters; enough to detect that an id is too long. */
const LONGEST_ID_LINE = LONGEST_ID + 16;
const NOTHING = /^(?:\n|:[^\n]*\n)+/;
const NEWLINE = 10;
const ID = 'id';

/** The lines up to and including a blank one. */
interface Block {
  readonly text: string;
  /** Whether the text is only the line with its id, if any. */
  readonly isTooLong: boolean;
}

/** Splits one stream, whose line ends are all newlines. */
export class BlockSplitter {
  /** Text after the last blank line, except `#further`. */
  #rest = '';
  /** Text received since, without a blank line. Joined only when needed, to avoid quadratic time. */
  #further: string[] = [];
  #furtherLength = 0;
  /** The id line of an overlong block being skipped; undefined when there is none. */
  #idLine: string | undefined;

  /** The complete lines after the last blank line. */
  get unfinished(): string {
    const all = this.#rest + this.#further.join('');
    return all.slice(0, all.lastIndexOf('\n') + 1);
  }

  /** @returns the blocks that this text completes */
  push(text: string): Block[] {
    if (this.#buffers(text)) return [];
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

  /** Buffers text that completes no block, as most parts of a long block do. @returns whether it did */
  #buffers(text: string): boolean {
    const isComment = this.#rest.startsWith(':');
    // The text of a comment does not matter.
    if (isComment && this.#idLine === undefined) return !text.includes('\n');
    // Nor does the rest of an overlong id.
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

  /** Skips lines of an overlong block. @returns the offset after its blank line; -1 when it continues */
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

/** Normalises line ends to newlines, at once: a CR may be followed by its LF in the next chunk. */
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
