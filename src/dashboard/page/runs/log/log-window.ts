/**
 * A sliding window over the lines of a log, of bounded size: a log may be larger than memory, and may be one endless
 * line.
 */

/** A chunk of the log, as received. */
export interface LogPart {
  /** Byte offset in the log. */
  readonly offset: number;
  /** Byte offset of the next chunk. */
  readonly end: number;
  readonly text: string;
}

/** Whether it is not part of the log, but a remark that the log was shortened at this offset. */
export function isSaid({ offset, end, text }: LogPart): boolean {
  return offset === end && text !== '';
}

/** In characters; a longer line is split. */
export const LONGEST_LINE = 8000;

interface Block {
  readonly offset: number;
  readonly lines: string[];
  /** Number of characters in its lines. */
  letters: number;
}

interface WindowLimits {
  readonly lines: number;
  /** Number of characters in all lines. */
  readonly letters: number;
}

/** What a renderer must update. */
export interface Change {
  /** Number of lines removed at the beginning. */
  readonly dropped: number;
  /** Index of the first line that is new or longer. */
  readonly from: number;
}

export class LogWindow {
  readonly #most: WindowLimits;
  #blocks: Block[] = [];
  #count = 0;
  #letters = 0;
  #end = 0;
  /** Whether the last line is complete. */
  #isEnded = true;

  /** @param most limits, which may be exceeded by a block */
  constructor(most: WindowLimits) {
    this.#most = most;
  }

  /** Byte offset of the first line. */
  get start(): number {
    return this.#blocks[0]?.offset ?? this.#end;
  }

  /** Byte offset after the last line. */
  get end(): number {
    return this.#end;
  }

  get count(): number {
    return this.#count;
  }

  lines(): string[] {
    return this.#blocks.flatMap(({ lines }) => lines);
  }

  /** Restarts at a byte offset, without lines. */
  clear(offset: number): void {
    this.#blocks = [];
    this.#count = 0;
    this.#letters = 0;
    this.#end = offset;
    this.#isEnded = true;
  }

  /** Appends a chunk; ignores known bytes, and drops lines at the beginning if there are too many. */
  append(part: LogPart): Change {
    const { offset, end, text } = part;
    if (offset < this.#end && !isSaid(part)) return { dropped: 0, from: this.#count };
    this.#end = end;
    if (text === '') return { dropped: 0, from: this.#count };
    const from = this.#isEnded ? this.#count : this.#count - 1;
    const taken = this.#isEnded ? 0 : this.#lengthen(text);
    this.#isEnded = text.endsWith('\n');
    const rest = text.slice(taken);
    if (rest !== '') this.#blocks.push(this.#counted(offset + bytesOf(text.slice(0, taken)), linesOf(rest)));
    const dropped = this.#dropFirst();
    return { dropped, from: Math.max(0, from - dropped) };
  }

  /** Prepends whole lines; drops lines at the end if there are too many. @returns the number of lines added */
  prepend({ offset, text }: Pick<LogPart, 'offset' | 'text'>): number {
    const lines = linesOf(text);
    if (lines.length === 0) return 0;
    this.#blocks.unshift(this.#counted(offset, lines));
    while (this.#blocks.length > 1 && this.#isFull()) {
      const gone = this.#blocks.pop();
      this.#uncount(gone);
      this.#end = gone?.offset ?? this.#end;
      this.#isEnded = true;
    }
    return lines.length;
  }

  #counted(offset: number, lines: string[]): Block {
    const letters = lines.reduce((sum, { length }) => sum + length, 0);
    this.#count += lines.length;
    this.#letters += letters;
    return { offset, lines, letters };
  }

  #uncount(block: Block | undefined): void {
    this.#count -= block?.lines.length ?? 0;
    this.#letters -= block?.letters ?? 0;
  }

  #isFull(): boolean {
    return this.#count > this.#most.lines || this.#letters > this.#most.letters;
  }

  /** Extends an incomplete last line. @returns how much of the text it consumed, newline included */
  #lengthen(text: string): number {
    const block = this.#blocks.at(-1);
    const line = block?.lines.pop();
    if (block === undefined || line === undefined) return 0;
    const newline = text.indexOf('\n');
    const added = text.slice(0, Math.min(newline < 0 ? text.length : newline, LONGEST_LINE - line.length));
    block.lines.push(line + added);
    block.letters += added.length;
    this.#letters += added.length;
    return added.length + (added.length === newline ? 1 : 0);
  }

  #dropFirst(): number {
    let dropped = 0;
    for (let [first] = this.#blocks; first !== undefined && this.#blocks.length > 1; [first] = this.#blocks) {
      const isKept =
        this.#count - first.lines.length < this.#most.lines &&
        this.#letters - first.letters < this.#most.letters;
      if (isKept) break;
      this.#uncount(this.#blocks.shift());
      dropped += first.lines.length;
    }
    return dropped;
  }
}

/** Length in UTF-8. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Splits into lines without newlines; the last line need not end with one. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap(split);
}

function split(line: string): string[] {
  if (line.length <= LONGEST_LINE) return [line];
  const parts: string[] = [];
  for (let at = 0; at < line.length; at += LONGEST_LINE) parts.push(line.slice(at, at + LONGEST_LINE));
  return parts;
}

/** Small, because blocks are dropped whole. */
const PART_BYTES = 16_384;
const NEWLINE = 10;

/**
 * Splits bytes from the middle of a log into chunks of whole lines. They start after the first newline, unless nothing
 * follows it or there is none: then all bytes belong to one line longer than the request. A line longer than a chunk shares
 * one with what follows.
 *
 * @param offset of the first byte
 */
export function wholeLines(bytes: Uint8Array, offset: number): readonly LogPart[] {
  const parts: LogPart[] = [];
  let begin = offset === 0 ? 0 : beginOfLines(bytes);
  while (begin < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, Math.min(bytes.length, begin + PART_BYTES) - 1);
    const end = newline < 0 ? bytes.length : newline + 1;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(begin, end));
    parts.push({ offset: offset + begin, end: offset + end, text });
    begin = end;
  }
  return parts;
}

function beginOfLines(bytes: Uint8Array): number {
  const behindFirst = bytes.indexOf(NEWLINE) + 1;
  if (behindFirst > 0 && behindFirst < bytes.length) return behindFirst;
  // The first bytes may be the rest of a split character.
  return Math.max(
    0,
    bytes.subarray(0, 4).findIndex((byte) => byte < 0x80 || byte >= 0xc0),
  );
}
