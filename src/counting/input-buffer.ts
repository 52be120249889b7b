/**
 * The bytes of a source that are not counted yet, and where its lines end.
 *
 * A chunk lies at INPUT, and the start of a line that continues in it lies right before, so that every line is contiguous.
 * Memory: a chunk and the longest line.
 */

import { isTooLong, LONGEST_LINE, SHOWN_OF_LONG, withoutBom } from '../lines/limits.ts';
import { decodeText } from '../lines/text.ts';
import { CHUNK, INPUT } from './kernel/readings-abi.ts';

const NEWLINE = 10;
const RETURN = 13;

/** The bytes around INPUT are the buffer's: memory of its own or, once there is a kernel, the kernel's. */
interface Memory {
  /** A new object whenever the memory has grown. */
  readonly bytes: Buffer;
}

/** A line without its line ending. */
export interface TextLine {
  readonly text: string;
  readonly hasReturn: boolean;
}

/** All addresses are indexes of the memory's bytes. */
export class InputBuffer {
  #memory: Memory = { bytes: Buffer.allocUnsafeSlow(INPUT + CHUNK) };
  /** The bytes that are not counted yet; between chunks they end at INPUT. */
  #start = INPUT;
  #end = INPUT;
  #isSkipping = false;
  /** A view of `#viewed`, where the next chunk goes. */
  #space: Buffer = Buffer.alloc(0);
  #viewed: Buffer | undefined;

  /** Where the first uncounted line begins. */
  get start(): number {
    return this.#start;
  }

  /** The end of the last chunk. */
  get end(): number {
    return this.#end;
  }

  /** The number of uncounted bytes. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Whether the current line is too long, so that the rest of it is skipped. */
  get isSkipping(): boolean {
    return this.#isSkipping;
  }

  /** Where to put the next chunk. */
  get space(): Buffer {
    const { bytes } = this.#memory;
    if (bytes !== this.#viewed) {
      this.#viewed = bytes;
      this.#space = bytes.subarray(INPUT, INPUT + CHUNK);
    }
    return this.#space;
  }

  /** Discards what is not counted yet. */
  clear(): void {
    this.#start = INPUT;
    this.#end = INPUT;
    this.#isSkipping = false;
  }

  /** Moves what is not counted yet to another memory, which is used from now on. */
  moveTo(memory: Memory): void {
    this.#memory.bytes.copy(memory.bytes, this.#start, this.#start, this.#end);
    this.#memory = memory;
  }

  /**
   * Takes `length` bytes that were put into the space; the first `skip` of them are not input. `isFirst` says whether the
   * current line is the first one of its source.
   *
   * @returns the beginning of a line that ends in these bytes and is too long; it is dropped
   */
  add(length: number, skip: number, isFirst = false): string | undefined {
    this.#start += skip;
    this.#end = INPUT + length;
    if (!this.#isSkipping && this.length <= LONGEST_LINE) return undefined;
    const newline = this.#newline();
    if (this.#isSkipping) {
      this.#isSkipping = newline < 0;
      this.#start = newline < 0 ? this.#end : newline + 1;
      return undefined;
    }
    const long = newline < 0 ? undefined : this.#beginningOfLong(newline, isFirst);
    if (long !== undefined) this.#start = newline + 1;
    return long;
  }

  /** Continues at this address; the lines before it are counted. */
  goTo(start: number): void {
    this.#start = start;
  }

  /** Takes the next line; undefined if it is unfinished. */
  takeLine(): TextLine | undefined {
    const newline = this.#newline();
    if (newline < 0) return undefined;
    const line = this.#lineTo(newline);
    this.#start = newline + 1;
    return line;
  }

  /**
   * Makes room for the next chunk: moves the unfinished line right before it.
   *
   * @returns the beginning of that line if it is too long already; the rest of it is skipped
   */
  keepRest(isFirst = false): string | undefined {
    const long = this.#beginningOfLong(this.#end, isFirst);
    const length = long === undefined ? this.length : 0;
    if (long !== undefined) this.#isSkipping = true;
    else if (length > 0) this.#memory.bytes.copyWithin(INPUT - length, this.#start, this.#end);
    this.#start = INPUT - length;
    this.#end = INPUT;
    return long;
  }

  /** Takes what follows the last newline; undefined if nothing does. */
  takeRest(): TextLine | undefined {
    const line = this.length > 0 ? this.#lineTo(this.#end) : undefined;
    this.clear();
    return line;
  }

  #lineTo(end: number): TextLine {
    const { bytes } = this.#memory;
    const hasReturn = end > this.#start && bytes[end - 1] === RETURN;
    return { text: decodeText(bytes.subarray(this.#start, hasReturn ? end - 1 : end)), hasReturn };
  }

  /** The address of the next newline; negative if there is none. */
  #newline(): number {
    return this.#memory.bytes.subarray(0, this.#end).indexOf(NEWLINE, this.#start);
  }

  /** The beginning of the line that ends at `end`; undefined unless it is too long. */
  #beginningOfLong(end: number, isFirst: boolean): string | undefined {
    if (end - this.#start <= LONGEST_LINE) return undefined;
    const bytes = this.#memory.bytes.subarray(this.#start, end);
    const line = isFirst ? withoutBom(bytes) : bytes;
    return isTooLong(line) ? line.toString('utf8', 0, SHOWN_OF_LONG) : undefined;
  }
}
