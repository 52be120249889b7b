/** Bytes of a source that are still to be read, as whole lines. A line that is too long is rejected and passed over. */

import { LONGEST_LINE, type Position, tooLong } from './source-cursor.ts';

const NEWLINE = 10;
const BOM = Buffer.from('\ufeff');

export class Lines {
  readonly #position: Position;
  #bytes: Buffer = Buffer.alloc(0);
  #isFirst = true;
  #isSkipping = false;
  #hasEnded = false;

  constructor(position: Position) {
    this.#position = position;
  }

  add(chunks: readonly Buffer[]): void {
    const all = Buffer.concat([this.#bytes, ...chunks]);
    const newline = this.#isSkipping ? all.indexOf(NEWLINE) : -1;
    if (this.#isSkipping && newline < 0) return;
    this.#bytes = all.subarray(newline + 1);
    this.#isSkipping = false;
    if (this.#isFirst && this.#bytes.length >= BOM.length) this.#dropBom();
  }

  /** Says that no more comes: what is there is whole. */
  end(): void {
    this.#hasEnded = true;
    if (this.#isFirst) this.#dropBom();
  }

  get whole(): Buffer {
    return this.#hasEnded ? this.#bytes : this.#bytes.subarray(0, this.#bytes.lastIndexOf(NEWLINE) + 1);
  }

  /** Whether what follows is of no use to these lines. */
  get isLast(): boolean {
    return this.#hasEnded || this.#isLong;
  }

  drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }

  /** To be called when all whole lines have been taken that can be. */
  rejectLong(): void {
    if (!this.#isLong) return;
    this.#position.reject(this.#bytes, tooLong);
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
