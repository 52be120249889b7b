/** Rows of one or more batches, for a staging table with only STRING columns. */

import type { Batch, Part } from '../input/batch.ts';
import { type ColumnType, widest } from '../input/column-type.ts';
import { spelled } from '../input/spelling.ts';
import { bigqueryLimits } from '../limits.ts';

/** The mask column: per column one character, `1` if the row mentions it. It also keeps lines from being empty. */
export const MASK = 'mentioned';

/** ASCII control characters, except tab, line breaks and DEL. */
const CONTROLS = /(?![\t\n\r\x7f-\x9f])\p{Cc}/u;

/** Values by column index; undefined for a column that the row does not mention. */
export type Row = readonly (string | null | undefined)[];

/** Consecutive rows of a batch that mention the same columns. */
interface Span {
  readonly batch: Batch;
  readonly part: Part;
  /** The index of its first row. */
  readonly first: number;
  /** The column's index in the set, by its index in the batch. */
  readonly targets: readonly number[];
}

/** Creates the strings of rows lazily: they take several times the memory of the batches. */
export class RowSet {
  readonly names: string[] = [];
  readonly types: ColumnType[] = [];
  readonly #spans: Span[] = [];
  #length = 0;
  /** By lower-case name. */
  readonly #columns = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  /** Adds a batch, which must not change afterwards. */
  add(batch: Batch): void {
    const targets = batch.names.map((name, at) => this.#column(name, batch.types[at] ?? 'text'));
    for (const part of batch.parts) {
      this.#spans.push({ batch, part, first: this.#length, targets });
      this.#length += part.end - part.start;
    }
  }

  /** Rows from `from` to `to`, exclusive; can be iterated repeatedly. */
  rows(from = 0, to = this.#length): Iterable<Row> {
    return { [Symbol.iterator]: () => this.#read(from, to) };
  }

  *#read(from: number, to: number): Generator<Row> {
    for (const { batch, part, first, targets } of this.#spans) {
      const [start, end] = [from, to].map((at) => Math.min(part.end, part.start + Math.max(0, at - first)));
      for (let row = start ?? 0; row < (end ?? 0); row++) {
        const values: (string | null | undefined)[] = new Array(this.names.length).fill(undefined);
        for (const column of part.columns) values[targets[column] ?? 0] = batch.text(row, column) ?? null;
        yield values;
      }
    }
  }

  /** The index of a column; undefined if there is none. */
  find(name: string): number | undefined {
    return this.#columns.get(name.toLowerCase());
  }

  #column(name: string, type: ColumnType): number {
    const known = this.find(name);
    if (known !== undefined) {
      this.types[known] = widest(this.types[known] ?? type, type, bigqueryLimits.decimalDigits);
      return known;
    }
    this.#columns.set(name.toLowerCase(), this.names.length);
    this.types.push(type);
    return this.names.push(name) - 1;
  }
}

/** Merges rows by key, in order of first appearance: the last mentioned value of each column wins. */
export function* foldByKey(
  rows: Iterable<Row>,
  key: readonly number[],
  types: readonly ColumnType[],
): Generator<Row> {
  const firsts = new Map<string, number>();
  /** Merged rows by first index, and the first index of each merged row. */
  const folded = new Map<number, (string | null | undefined)[]>();
  const firstOf = new Map<number, number>();
  for (const [at, row] of numbered(rows)) {
    const id = JSON.stringify(key.map((column) => spelled(row[column] ?? '', types[column] ?? 'verbatim')));
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, at);
    else {
      firstOf.set(at, first);
      folded.set(first, []);
    }
  }
  if (folded.size > 0)
    for (const [at, row] of numbered(rows)) {
      const known = folded.get(firstOf.get(at) ?? at);
      if (known === undefined) continue;
      for (const [column, value] of row.entries()) if (value !== undefined) known[column] = value;
    }
  for (const [at, row] of numbered(rows)) if (!firstOf.has(at)) yield folded.get(at) ?? row;
}

function* numbered(rows: Iterable<Row>): Generator<[number, Row]> {
  let at = 0;
  for (const row of rows) yield [at++, row];
}

/** Rows as CSV for BigQuery. */
export interface Csv {
  readonly parts: readonly Buffer[];
  /** The load options that its contents need. */
  readonly options: { readonly allowQuotedNewlines?: true; readonly preserveAsciiControlCharacters?: true };
}

/** Small, so that the strings of a part take less memory than the rows themselves. */
const ROWS_OF_PART = 500;

/** CSV without a header: the mask, then the values. Null is an empty field; text is always quoted. */
export function toCsv(rows: Iterable<Row>, columns: number): Csv {
  const parts: Buffer[] = [];
  let [hasBreaks, hasControls] = [false, false];
  let records: string[] = [];
  const end = () => {
    const text = records.map((record) => `${record}\n`).join('');
    hasControls ||= CONTROLS.test(text);
    parts.push(Buffer.from(text));
    records = [];
  };
  for (const row of rows) {
    const record = toRecord(row, columns);
    hasBreaks ||= /[\r\n]/.test(record);
    if (records.push(record) === ROWS_OF_PART) end();
  }
  if (records.length > 0) end();
  return {
    parts,
    options: {
      ...(hasBreaks ? { allowQuotedNewlines: true } : {}),
      ...(hasControls ? { preserveAsciiControlCharacters: true } : {}),
    },
  };
}

/** Without a trailing line break. */
function toRecord(row: Row, columns: number): string {
  let mask = '';
  let fields = '';
  for (let at = 0; at < columns; at++) {
    const value = row[at];
    mask += value === undefined ? '0' : '1';
    fields += value === undefined || value === null ? ',' : `,"${value.replaceAll('"', '""')}"`;
  }
  return mask + fields;
}
