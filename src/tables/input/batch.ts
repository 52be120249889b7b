/**
 * A batch of rows: the bytes of all fields, and the offsets of each field.
 *
 * Text stays bytes from input to table, because creating a string per field takes longer than everything else. Memory:
 * eight bytes per field besides the bytes themselves.
 */

import type { ColumnType } from './column-type.ts';
import { grown } from './offsets.ts';
import { RowRecords } from './row-records.ts';
import { utcConverter } from './utc-time.ts';

/** The start offset of a null field. */
export const NULL = -1;
const QUOTE = 34;
const FEWEST_ROWS = 64;

/** The rows as the CSV they came in. */
export interface Csv {
  /** Without the header. */
  readonly bytes: Buffer;
  /** A single byte. */
  readonly delimiter: number;
}

/** Consecutive rows that mention the same columns, as JSON objects have the same members; other columns are left alone. */
export interface Part {
  /** Index of the first row. */
  readonly start: number;
  /** Index after the last row. */
  end: number;
  /** Column indexes. */
  readonly columns: readonly number[];
}

/** A reader fills it row by row, then sets `types`; a driver reads it. */
export class Batch {
  /** Column names. */
  readonly names: readonly string[];
  /** UTF-8 without NUL. */
  bytes: Buffer;
  /** Number of rows. */
  rows = 0;
  /** Offset of each field, row by row; NULL for null. */
  starts: Int32Array;
  /** Offset after each field, row by row. */
  ends: Int32Array;
  /** A type per column that holds all its values. Empty until the rows are complete. */
  types: readonly ColumnType[] = [];
  /** The same rows as CSV; undefined for other formats, or after a row was rejected or a field changed. */
  csv: Csv | undefined;
  /** Undefined if every row mentions every column. */
  #parts: readonly Part[] | undefined;
  /** The input records of the rows. */
  records = new RowRecords('', Buffer.alloc(0));
  /** Buffer with spare capacity that holds the bytes; empty until some are appended. */
  #space: Buffer = Buffer.alloc(0);
  /** Indexes of fields with doubled quotes. */
  #doubled: number[] = [];

  /** @param rows the expected number; there may be more */
  constructor(names: readonly string[], bytes: Buffer, rows: number) {
    this.names = names;
    this.bytes = bytes;
    const fields = Math.max(FEWEST_ROWS, rows) * names.length;
    this.starts = new Int32Array(fields);
    this.ends = new Int32Array(fields);
  }

  /** All rows, in order. */
  get parts(): readonly Part[] {
    return this.#parts ?? [allRows(this)];
  }

  set parts(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Ensures capacity for one more row. @returns the index of its first field */
  room(): number {
    const at = this.rows * this.names.length;
    if (at + this.names.length > this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    return at;
  }

  /** Marks a field as having doubled quotes. */
  addDoubled(field: number): void {
    this.#doubled.push(field);
  }

  /** Unescapes doubled quotes. */
  undouble(): void {
    if (this.#doubled.length === 0) return;
    this.csv = undefined;
    // A copy, because the records must keep the original bytes.
    this.bytes = Buffer.from(this.bytes);
    for (const at of this.#doubled)
      this.ends[at] = undouble(this.bytes, this.starts[at] ?? NULL, this.ends[at] ?? NULL);
    this.#doubled = [];
  }

  /** Rewrites timestamp columns in UTC, except values that the table accepts as they are, by `isFine`. */
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

  /** Replaces a field, by its index. */
  replace(at: number, text: string): void {
    const piece = Buffer.from(text);
    this.starts[at] = this.bytes.length;
    this.#append([piece], this.bytes.length + piece.length);
    this.ends[at] = this.bytes.length;
  }

  /** Replaces the fields of a column for which `change` returns text; skips null fields. */
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

  /** Appends pieces up to this total length. The buffer doubles, because many columns may append. */
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

/** All rows of a batch, as a part that mentions every column. */
export function allRows({ rows, names }: Batch): Part {
  return { start: 0, end: rows, columns: [...names.keys()] };
}

/** Unescapes the doubled quotes of a field, in place. @returns its new end offset */
function undouble(bytes: Buffer, start: number, end: number): number {
  let to = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUOTE) at++;
    bytes[to++] = bytes[at] ?? 0;
  }
  return to;
}
