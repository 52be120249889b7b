/** The unread bytes of a source, as whole lines. A line that is too long is rejected and skipped. */

import { LONGEST_LINE, tooLong } from './line-bounds.ts';
import type { SourceCursor } from './source-cursor.ts';

const NEWLINE = 10;
const BOM = Buffer.from('\ufeff');

/** Takes chunks, gives whole lines. */
export class Lines {
  readonly #cursor: SourceCursor;
  #bytes: Buffer = Buffer.alloc(0);
  #isFirst = true;
  #isSkipping = false;
  #hasEnded = false;

  constructor(cursor: SourceCursor) {
    this.#cursor = cursor;
  }

  add(chunks: readonly Buffer[]): void {
    const all = Buffer.concat([this.#bytes, ...chunks]);
    const newline = this.#isSkipping ? all.indexOf(NEWLINE) : -1;
    if (this.#isSkipping && newline < 0) return;
    this.#bytes = all.subarray(newline + 1);
    this.#isSkipping = false;
    if (this.#isFirst && this.#bytes.length >= BOM.length) this.#dropBom();
  }

  /** No more chunks follow: a last line without newline counts as whole. */
  end(): void {
    this.#hasEnded = true;
    if (this.#isFirst) this.#dropBom();
  }

  /** The lines that are whole; empty when there is none. */
  get whole(): Buffer {
    return this.#hasEnded ? this.#bytes : this.#bytes.subarray(0, this.#bytes.lastIndexOf(NEWLINE) + 1);
  }

  /** Whether nothing that follows can complete these lines. */
  get isLast(): boolean {
    return this.#hasEnded || this.#isLong;
  }

  /** Removes the first `count` bytes, which have been read. */
  drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }

  /** Rejects an unfinished line that is already too long; to be called when the whole lines have been read. */
  rejectLong(): void {
    if (!this.#isLong) return;
    this.#cursor.reject(this.#bytes, tooLong);
    this.#bytes = Buffer.alloc(0);
    this.#isSkipping = true;
  }

  get #isLong(): boolean {
    return this.#bytes.length - this.whole.length > LONGEST_LINE;
  }

  #dropBom(): void {
    this.#isFirst = false;
    if (this.#bytes.indexOf(BOM) === 0) this.#bytes = this.#bytes.subarray(BOM.length);
  }
}
