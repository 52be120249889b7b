/**
 * Rows on their way into a table: the bytes of all fields, and where each field begins and ends.
 *
 * Text stays bytes from input to table, since making a string of every field takes longer than all the rest. Memory:
 * eight bytes per field beside the bytes themselves.
 */

import type { ColumnType } from './column-type.ts';
import { grown } from './offsets.ts';
import { RowRecords } from './row-records.ts';
import { utcConverter } from './utc-time.ts';

/** The start of a field that is null. */
export const NULL = -1;
const QUOTE = 34;
const FEWEST_ROWS = 64;

/** Rows as the CSV they came in. */
export interface Csv {
  /** Without a header. */
  readonly bytes: Buffer;
  /** One byte. */
  readonly delimiter: number;
}

/** Rows of a batch that mention the same columns, as the members of an object do: other columns are left alone. */
export interface Part {
  /** Index of the first row. */
  readonly start: number;
  /** Index behind the last row. */
  end: number;
  /** Indexes of columns. */
  readonly columns: readonly number[];
}

/** Filled row by row by a reader, which then sets `types`; a driver reads it. */
export class Batch {
  /** Names of the columns. */
  readonly names: readonly string[];
  /** UTF-8 without NUL. */
  bytes: Buffer;
  /** Number of rows. */
  rows = 0;
  /** Offset of each field, row by row; NULL for null. */
  starts: Int32Array;
  /** Offset behind each field, row by row. */
  ends: Int32Array;
  /** For each column a type that holds all its values. None until the rows are complete. */
  types: readonly ColumnType[] = [];
  /** The same rows as CSV; undefined when they came in another format, when one was rejected, or fields were changed. */
  csv: Csv | undefined;
  /** Undefined where every row mentions every column. */
  #parts: readonly Part[] | undefined;
  /** The input records of the rows. */
  records = new RowRecords('', Buffer.alloc(0));
  /** Memory with room after the bytes; empty until some are appended. */
  #space: Buffer = Buffer.alloc(0);
  /** Indexes of fields in which quotes are still doubled. */
  #doubled: number[] = [];

  /** @param rows the number expected; there may be more */
  constructor(names: readonly string[], bytes: Buffer, rows: number) {
    this.names = names;
    this.bytes = bytes;
    const fields = Math.max(FEWEST_ROWS, rows) * names.length;
    this.starts = new Int32Array(fields);
    this.ends = new Int32Array(fields);
  }

  /** All rows in their order. */
  get parts(): readonly Part[] {
    return this.#parts ?? [allRows(this)];
  }

  set parts(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Makes room for one more row. @returns the index of its first field */
  room(): number {
    const at = this.rows * this.names.length;
    if (at + this.names.length > this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    return at;
  }

  /** Remembers that the quotes of a field are doubled. */
  addDoubled(field: number): void {
    this.#doubled.push(field);
  }

  /** Makes doubled quotes single. */
  undouble(): void {
    if (this.#doubled.length === 0) return;
    this.csv = undefined;
    // The records stay as they came.
    this.bytes = Buffer.from(this.bytes);
    for (const at of this.#doubled)
      this.ends[at] = undouble(this.bytes, this.starts[at] ?? NULL, this.ends[at] ?? NULL);
    this.#doubled = [];
  }

  /** Rewrites the times of timestamp columns in UTC, except where `isFine` says that the table takes them as they are. */
  toUtc(isFine: (bytes: Buffer, start: number, end: number) => boolean): void {
    const toUtc = utcConverter();
    const change = (start: number, end: number) => {
      if (isFine(this.bytes, start, end)) return undefined;
      const text = this.bytes.toString('latin1', start, end);
      const utc = toUtc(text);
      return utc === text ? undefined : utc;
    };
    for (const [column, type] of this.types.entries()) if (type === 'timestamp') this.rewrite(column, change);
  }

  /** The text of a field; undefined for null. */
  text(row: number, column: number): string | undefined {
    const at = row * this.names.length + column;
    const start = this.starts[at] ?? NULL;
    return start === NULL ? undefined : this.bytes.toString('utf8', start, this.ends[at]);
  }

  /** Replaces one field, by its index. */
  replace(at: number, text: string): void {
    const piece = Buffer.from(text);
    this.starts[at] = this.bytes.length;
    this.#append([piece], this.bytes.length + piece.length);
    this.ends[at] = this.bytes.length;
  }

  /** Replaces the fields of a column for which `change` returns text; null fields are not asked about. */
  rewrite(column: number, change: (start: number, end: number) => string | undefined): void {
    const pieces: Buffer[] = [];
    let length = this.bytes.length;
    for (let at = column; at < this.rows * this.names.length; at += this.names.length) {
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
    this.#append(pieces, length);
    this.csv = undefined;
  }

  /** Appends pieces to the bytes, up to this length. The memory grows by doubling, since there may be many columns. */
  #append(pieces: readonly Buffer[], length: number): void {
    let end = this.bytes.length;
    if (length > this.#space.length || this.bytes.buffer !== this.#space.buffer) {
      this.#space = Buffer.allocUnsafeSlow(2 * length);
      this.bytes.copy(this.#space);
    }
    for (const piece of pieces) end += piece.copy(this.#space, end);
    this.bytes = this.#space.subarray(0, end);
  }
}

/** All rows of a batch as a part that mentions every column. */
export function allRows({ rows, names }: Batch): Part {
  return { start: 0, end: rows, columns: [...names.keys()] };
}

/** Makes doubled quotes of a field single, in place. @returns the offset after it now */
function undouble(bytes: Buffer, start: number, end: number): number {
  let to = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUOTE) at++;
    bytes[to++] = bytes[at] ?? 0;
  }
  return to;
}
