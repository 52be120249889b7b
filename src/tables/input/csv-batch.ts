/** A batch that is filled from CSV: decides which records are rows. */

import { quote, type Rejection } from '../../lines/line.ts';
import { Batch, NULL } from './batch.ts';
import { numberType, typeOf } from './column-type.ts';
import { type Fields, newFields, scanRecord } from './csv-record.ts';
import { isBlank, isTorn } from './line-bounds.ts';
import { emptyKey, isText, notText, wrongType } from './row-rejections.ts';
import type { Column, Schema } from './schema.ts';

const QUOTE = 34;

/** The first record of a source. */
export interface Header {
  /** As it came. */
  readonly line: Buffer;
  readonly columns: readonly Column[];
  /** Indexes of the columns that are the key. */
  readonly key: readonly number[];
}

/** Used record by record: `scan`, then `add` if it is one. */
export class CsvBatch {
  readonly batch: Batch;
  /** The record that was scanned last; its fields stand in the batch's next row. */
  readonly fields: Fields;
  readonly #header: Header;
  readonly #schema: Schema;
  /** Indexes of the columns whose values have a type to look for. */
  readonly #typed: readonly number[];
  /** Whether all bytes are text, so that no record needs a look of its own. */
  readonly #isText: boolean;

  /** @param rows the number expected */
  constructor(bytes: Buffer, rows: number, { header, schema }: { header: Header; schema: Schema }) {
    const { columns } = header;
    const names = columns.map(({ name }) => name);
    this.batch = new Batch(names, bytes, rows);
    this.fields = newFields(columns.length);
    this.#header = header;
    this.#schema = schema;
    this.#typed = [...columns.keys()].filter((at) => columns[at]?.type !== 'text');
    this.#isText = isText(bytes);
  }

  /** As scanRecord, with the fields in the batch's next row. */
  scan(start: number, delimiter: number): number {
    this.fields.at = this.batch.room();
    this.fields.starts = this.batch.starts;
    this.fields.ends = this.batch.ends;
    return scanRecord(this.batch.bytes, start, delimiter, this.fields);
  }

  /** Adds the scanned record, if it is a row; blank lines and further headers are left out. @returns why it is rejected */
  add(start: number, end: number): Rejection | undefined {
    const { bytes } = this.batch;
    if (this.#isBlank(start) || this.#isHeader(start, end)) return undefined;
    if (this.fields.count !== this.fields.room) return wrongLength(bytes.subarray(start, end), this.fields);
    if (!this.#isText && !isText(bytes.subarray(start, end))) return notText;
    const rejection = this.#keyProblem() ?? this.#typeProblem();
    if (rejection === undefined) this.#addRow();
    return rejection;
  }

  #isBlank(start: number): boolean {
    return this.fields.count === 1 && isBlank(this.batch.bytes, start);
  }

  #isHeader(start: number, end: number): boolean {
    const { line } = this.#header;
    return end - start === line.length && line.equals(this.batch.bytes.subarray(start, end));
  }

  #addRow(): void {
    const { batch, fields } = this;
    batch.rows++;
    if (!fields.doubled) return;
    for (let at = fields.at; at < fields.at + fields.room; at++) {
      const start = batch.starts[at] ?? NULL;
      if (start !== NULL && batch.bytes.subarray(start, batch.ends[at]).includes(QUOTE)) batch.addDoubled(at);
    }
  }

  #keyProblem(): Rejection | undefined {
    for (const at of this.#header.key) {
      const column = this.#header.columns[at];
      if (column !== undefined && this.batch.starts[this.fields.at + at] === NULL) return emptyKey(column);
    }
    return undefined;
  }

  #typeProblem(): Rejection | undefined {
    const { batch, fields } = this;
    for (const at of this.#typed) {
      const start = batch.starts[fields.at + at] ?? NULL;
      if (start === NULL) continue;
      const end = batch.ends[fields.at + at] ?? NULL;
      const column = this.#header.columns[at];
      if (column === undefined || column.type === 'text') continue;
      const type = typeOf(batch.bytes, start, end, this.#schema.decimalDigits);
      if (type === column.type || this.#schema.admit(column, type)) continue;
      const text = batch.bytes.toString('utf8', start, end);
      if (!isGivenDecimal(column, text, this.#schema)) return wrongType(column, text);
    }
    return undefined;
  }
}

/** A decimal may have an exponent where the user says that the column is one. */
function isGivenDecimal(column: Column, text: string, { decimalDigits }: Schema): boolean {
  return column.fixed && column.type === 'decimal' && numberType(text, decimalDigits) === 'decimal';
}

function wrongLength(record: Buffer, { count, room }: Fields): Rejection {
  if (isTorn(record)) return { kind: 'torn', detail: `last line is not whole: ${quote(record.toString())}` };
  const detail = `row has ${count} ${count === 1 ? 'field' : 'fields'}, its header ${room}`;
  return { kind: 'of the wrong length', detail };
}
