/**
 * Rows on their way into a table: the bytes of all fields, and where each field begins and ends.
 *
 * Text stays bytes from input to table, since to make strings of every field takes longer than all the rest. Memory:
 * eight bytes per field beside the bytes themselves.
 */

import type { ColumnType } from './column-type.ts';
import type { Column } from './columns.ts';

/** The place of a field that is null. */
export const NULL = -1;

export class Batch {
  readonly columns: readonly Column[];
  /** UTF-8 without NUL. */
  bytes: Buffer;
  rows = 0;
  /** Row by row, a field per column. */
  starts = new Int32Array(0);
  ends = new Int32Array(0);

  constructor(columns: readonly Column[], bytes: Buffer) {
    this.columns = columns;
    this.bytes = bytes;
  }

  /** The types that hold all its values; of a column without any, text. */
  get types(): ColumnType[] {
    return this.columns.map(({ type }) => type ?? 'text');
  }

  /** Makes room for one more row, and says where its first field goes. */
  room(): number {
    const at = this.rows * this.columns.length;
    if (at + this.columns.length > this.starts.length) this.#grow();
    return at;
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
    if (pieces.length > 0) this.bytes = Buffer.concat([this.bytes, ...pieces]);
  }

  #grow(): void {
    const fields = Math.max(2 * this.starts.length, 1024 * this.columns.length);
    this.starts = grown(this.starts, fields);
    this.ends = grown(this.ends, fields);
  }
}

function grown(places: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(length);
  more.set(places);
  return more;
}
