/**
 * A stretch of a log: its lines from one byte to another, of which it keeps no more than so many. A log may be larger than
 * any memory, and may be one endless line.
 */

/** A part of the log as it came. */
export interface LogPart {
  /** Bytes from the beginning of the log. */
  readonly offset: number;
  /** Where the next part begins, in bytes. */
  readonly end: number;
  readonly text: string;
}

/** Whether it is none of the log's bytes, but said about it: it was shortened, and goes on there. */
export function isSaid({ offset, end, text }: LogPart): boolean {
  return offset === end && text !== '';
}

/** A longer line becomes several. */
export const LONGEST_LINE = 8000;

interface Block {
  readonly offset: number;
  readonly lines: string[];
  /** In all of its lines. */
  letters: number;
}

interface Most {
  readonly lines: number;
  /** In all lines together. */
  readonly letters: number;
}

/** What has changed for who shows it. */
export interface Change {
  /** Lines that are no longer there, at the beginning. */
  readonly dropped: number;
  /** Lines that are new, or longer than before: from this one on. */
  readonly from: number;
}

export class LogWindow {
  readonly #most: Most;
  #blocks: Block[] = [];
  #count = 0;
  #letters = 0;
  #end = 0;
  /** Whether the last line has its end. */
  #isEnded = true;

  /** @param most that is kept, or a block more */
  constructor(most: Most) {
    this.#most = most;
  }

  /** Where its first line begins, in bytes. */
  get start(): number {
    return this.#blocks[0]?.offset ?? this.#end;
  }

  /** Behind its last byte. */
  get end(): number {
    return this.#end;
  }

  get count(): number {
    return this.#count;
  }

  lines(): string[] {
    return this.#blocks.flatMap(({ lines }) => lines);
  }

  /** Begins at a byte, without lines. */
  clear(offset: number): void {
    this.#blocks = [];
    this.#count = 0;
    this.#letters = 0;
    this.#end = offset;
    this.#isEnded = true;
  }

  /** Adds what follows; what is known already is left out, and lines at the beginning are dropped where there are too many. */
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

  /** Adds what is before it, whole lines; lines at the end are dropped where there are too many. @returns how many were added */
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

  /** Adds to the last line, which has no end yet. @returns how much of the text is in it, with its end */
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

/** In UTF-8. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Lines without their ends; a last one without end counts. */
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

/** A block is dropped as a whole, so that it has to be small. */
const PART_BYTES = 16_384;
const NEWLINE = 10;

/**
 * Bytes from the middle of a log as parts of whole lines. They begin behind the first end of a line, where there is one and
 * something behind it: else all of them are in one line, which is longer than what was asked for. A line that is longer than
 * a part is in one with what follows.
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
  // What comes before has the rest of a character that is torn.
  return Math.max(
    0,
    bytes.subarray(0, 4).findIndex((byte) => byte < 0x80 || byte >= 0xc0),
  );
}
