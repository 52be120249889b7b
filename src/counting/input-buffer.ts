/**
 * Where the bytes of a source land, and where its lines are found: a chunk, and before it the beginning of a line that
 * ends in it.
 *
 * Memory: a chunk and the longest line.
 */

import { CHUNK, INPUT } from './kernel/readings-abi.ts';

/** In bytes. */
export const LONGEST_LINE = 1 << 20;
/** So much of a line that is too long is shown. */
const SHOWN = 1024;
const NEWLINE = 10;

export interface LandingOptions {
  /** Where bytes are kept now; that changes when the kernel is made, and when its memory grows. */
  memory(): Buffer;
  /** Takes the lines from one address to another, and says where the last one begins if it is not complete. */
  takeLines(start: number, end: number): number;
  /** A line was too long; this is how it begins. */
  rejectLong(beginning: string): void;
}

export class Landing {
  readonly #options: LandingOptions;
  #pending = 0;
  #isSkipping = false;
  /** Of this memory. */
  #space: Buffer = Buffer.alloc(0);
  #memory: Buffer | undefined;

  constructor(options: LandingOptions) {
    this.#options = options;
  }

  /** Bytes of a line whose end has not come yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether the line that has begun was too long, so that the rest of it is skipped. */
  get isSkipping(): boolean {
    return this.#isSkipping;
  }

  /** Forgets the line that has begun. */
  clear(): void {
    this.#pending = 0;
    this.#isSkipping = false;
  }

  /** Where the next bytes are to be put. */
  get space(): Buffer {
    const memory = this.#options.memory();
    if (memory !== this.#memory) {
      this.#memory = memory;
      this.#space = memory.subarray(INPUT, INPUT + CHUNK);
    }
    return this.#space;
  }

  /** Takes what was put into the space: so many bytes, of which the first `skip` are not of the source. */
  filled(length: number, skip: number): void {
    const start = INPUT + skip - this.#pending;
    const end = INPUT + length;
    this.#keep(this.#options.takeLines(this.#firstLine(start, end), end), end);
  }

  /** Where the next newline is; negative when there is none before `end`. */
  newline(start: number, end: number): number {
    return this.#options.memory().subarray(0, end).indexOf(NEWLINE, start);
  }

  /** Where the first line begins that is not too long, or the end of such a one. */
  #firstLine(start: number, end: number): number {
    if (!this.#isSkipping && end - start <= LONGEST_LINE) return start;
    const newline = this.newline(start, end);
    if (this.#isSkipping) {
      this.#isSkipping = newline < 0;
      return newline < 0 ? end : newline + 1;
    }
    if (newline < 0 || newline - start <= LONGEST_LINE) return start;
    this.#rejectLong(start);
    return newline + 1;
  }

  /** Keeps a line that is not complete before the next chunk. */
  #keep(start: number, end: number): void {
    this.#pending = end - start;
    if (this.#pending > LONGEST_LINE) {
      this.#rejectLong(start);
      this.#isSkipping = true;
      this.#pending = 0;
    } else if (this.#pending > 0) this.#options.memory().copyWithin(INPUT - this.#pending, start, end);
  }

  #rejectLong(start: number): void {
    this.#options.rejectLong(this.#options.memory().toString('utf8', start, start + SHOWN));
  }
}
