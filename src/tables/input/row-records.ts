/** The input records of a batch's rows, for messages and --rejects when a database refuses a row. */

import type { Line } from '../../lines/line.ts';
import { grown } from './offsets.ts';
import { asLine } from './source-cursor.ts';

/** Filled row by row, along with the batch. */
export class RowRecords {
  readonly #source: string;
  readonly #bytes: Buffer;
  /** Three numbers per row: start and end offset of its record, and its line number. */
  #places = new Int32Array(192);
  #length = 0;

  /** @param bytes must not change */
  constructor(source: string, bytes: Buffer) {
    this.#source = source;
    this.#bytes = bytes;
  }

  add(start: number, end: number, line: number): void {
    if (this.#length === this.#places.length) this.#places = grown(this.#places);
    this.#places[this.#length++] = start;
    this.#places[this.#length++] = end;
    this.#places[this.#length++] = line;
  }

  /** The input record of a row. */
  line(row: number): Line {
    const [start, end, line = 0] = this.#places.subarray(3 * row, 3 * row + 3);
    return asLine(this.#bytes.subarray(start, end), this.#source, line);
  }
}
