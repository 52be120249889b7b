/**
 * Rows on their way into a table: the bytes of all fields, and where each field begins and ends.
 *
 * Text stays bytes from input to table, since to make strings of every field takes longer than all the rest. Memory:
 * eight bytes per field beside the bytes themselves.
 */

import type { ColumnType } from './column-type.ts';
import type { Column } from './schema.ts';

/** The place of a field that is null. */
export const NULL = -1;
const QUOTE = 34;
const FEW = 64;

export interface Csv {
  /** Without a header. */
  readonly bytes: Buffer;
  /** One byte. */
  readonly delimiter: number;
}

export class Batch {
  readonly columns: readonly Column[];
  /** UTF-8 without NUL. */
  bytes: Buffer;
  rows = 0;
  /** Row by row, a field per column. */
  starts: Int32Array;
  ends: Int32Array;
  /** Those that hold all its values, from when it is complete; of a column without any, text. */
  types: readonly ColumnType[] = [];
  /** The same rows as CSV, when they came so and all of them are used; undefined otherwise, or when fields were changed. */
  csv: Csv | undefined;
  /** Fields in which quotes are still doubled. */
  #doubled: number[] = [];

  /** @param rows how many there may be */
  constructor(columns: readonly Column[], bytes: Buffer, rows: number) {
    this.columns = columns;
    this.bytes = bytes;
    const fields = Math.max(FEW, rows) * columns.length;
    this.starts = new Int32Array(fields);
    this.ends = new Int32Array(fields);
  }

  /** Makes room for one more row, and says where its first field goes. */
  room(): number {
    const at = this.rows * this.columns.length;
    if (at + this.columns.length > this.starts.length) this.#grow();
    return at;
  }

  /** Remembers a field of the last row whose quotes are doubled. */
  addDoubled(place: number): void {
    this.#doubled.push(place);
  }

  /** Makes one quote of two wherever they are doubled. The CSV is of no use after this. */
  undouble(): void {
    if (this.#doubled.length > 0) this.csv = undefined;
    for (const at of this.#doubled)
      this.ends[at] = undouble(this.bytes, this.starts[at] ?? NULL, this.ends[at] ?? NULL);
    this.#doubled = [];
  }

  /** The text of a field; undefined for null. */
  text(row: number, column: number): string | undefined {
    const at = row * this.columns.length + column;
    const start = this.starts[at] ?? NULL;
    return start === NULL ? undefined : this.bytes.toString('utf8', start, this.ends[at]);
  }

  /** Puts other text in the place of a column's fields, where `change` has some for them. */
  rewrite(column: number, change: (start: number, end: number) => string | undefined): void {
    const pieces: Buffer[] = [];
    let length = this.bytes.length;
    for (let at = column; at < this.rows * this.columns.length; at += this.columns.length) {
      const start = this.starts[at] ?? NULL;
      const text = start === NULL ? undefined : change(start, this.ends[at] ?? 0);
      if (text === undefined) continue;
      const piece = Buffer.from(text);
      this.starts[at] = length;
      length += piece.length;
      this.ends[at] = length;
      pieces.push(piece);
    }
    if (pieces.length === 0) return;
    this.bytes = Buffer.concat([this.bytes, ...pieces]);
    this.csv = undefined;
  }

  #grow(): void {
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
  }
}

function grown(places: Int32Array): Int32Array {
  const more = new Int32Array(2 * places.length);
  more.set(places);
  return more;
}

/** Makes one quote of two where a field stands. @returns where it ends now */
function undouble(bytes: Buffer, start: number, end: number): number {
  let to = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUOTE) at++;
    bytes[to++] = bytes[at] ?? 0;
  }
  return to;
}
