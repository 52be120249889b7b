/** Decides which CSV records are rows, and adds those to a batch. */

import { quote, type Rejection } from '../../lines/line.ts';
import { type Batch, NULL } from './batch.ts';
import { numberType, typeOf } from './column-type.ts';
import { type Fields, isBlank, newFields } from './csv-record.ts';
import type { Column, Columns } from './schema.ts';
import { isText, LONGEST_LINE, notText, tooLong, withoutKey, wrongType } from './source-cursor.ts';

const NEWLINE = 10;
const QUOTE = 34;

export interface Header {
  /** As it came. */
  readonly line: Buffer;
  readonly columns: readonly Column[];
  /** Which of them are the key. */
  readonly key: readonly number[];
}

export class CsvRows {
  readonly batch: Batch;
  /** Of the next record, in the batch's own places. */
  readonly fields: Fields;
  readonly #header: Header;
  readonly #columns: Columns;
  readonly #typed: readonly number[];
  readonly #isClean: boolean;

  constructor(batch: Batch, header: Header, columns: Columns) {
    this.batch = batch;
    this.fields = newFields(batch.columns.length);
    this.#header = header;
    this.#columns = columns;
    this.#typed = [...batch.columns.keys()].filter((at) => batch.columns[at]?.type !== 'text');
    this.#isClean = isText(batch.bytes);
  }

  makeRoom(): void {
    this.fields.at = this.batch.room();
    this.fields.starts = this.batch.starts;
    this.fields.ends = this.batch.ends;
  }

  /** Adds a record to the batch, if it is a row; says what is wrong with it, if it is a mistake. */
  judge(start: number, end: number): Rejection | undefined {
    const { bytes } = this.batch;
    if (this.#isBlank(start) || this.#isHeader(start, end)) return undefined;
    if (end - start > LONGEST_LINE) return tooLong;
    if (this.fields.count !== this.fields.room) return wrongLength(bytes.subarray(start, end), this.fields);
    if (!this.#isClean && !isText(bytes.subarray(start, end))) return notText;
    const rejection = this.#problem(this.fields.at);
    if (rejection === undefined) this.#add();
    return rejection;
  }

  /** What is wrong with the row whose fields begin at this place. */
  #problem(place: number): Rejection | undefined {
    return this.#keyProblem(place) ?? this.#typeProblem(place);
  }

  #isBlank(start: number): boolean {
    return this.fields.count === 1 && isBlank(this.batch.bytes, start);
  }

  #isHeader(start: number, end: number): boolean {
    const { line } = this.#header;
    return end - start === line.length && line.equals(this.batch.bytes.subarray(start, end));
  }

  #add(): void {
    const { batch, fields } = this;
    batch.rows++;
    if (!fields.doubled) return;
    for (let at = fields.at; at < fields.at + fields.room; at++) {
      const start = batch.starts[at] ?? NULL;
      if (start !== NULL && batch.bytes.subarray(start, batch.ends[at]).includes(QUOTE)) batch.addDoubled(at);
    }
  }

  #keyProblem(place: number): Rejection | undefined {
    const { batch } = this;
    for (const at of this.#header.key) {
      const column = batch.columns[at];
      if (column !== undefined && batch.starts[place + at] === NULL) return withoutKey(column);
    }
    return undefined;
  }

  #typeProblem(place: number): Rejection | undefined {
    const { batch } = this;
    for (const at of this.#typed) {
      const start = batch.starts[place + at] ?? NULL;
      if (start === NULL) continue;
      const end = batch.ends[place + at] ?? NULL;
      const column = batch.columns[at];
      if (column === undefined || column.type === 'text') continue;
      const type = typeOf(batch.bytes, start, end, this.#columns.exact);
      if (type === column.type || this.#columns.takes(column, type)) continue;
      const text = batch.bytes.toString('utf8', start, end);
      if (!isDecimal(column, text, this.#columns)) return wrongType(column, text);
    }
    return undefined;
  }
}

/** A decimal may have an exponent where the user says that it is one. */
function isDecimal(column: Column, text: string, { exact }: Columns): boolean {
  return column.fixed && column.type === 'decimal' && numberType(text, exact) === 'decimal';
}

function wrongLength(record: Buffer, { count, room }: Fields): Rejection {
  if (record.at(-1) !== NEWLINE)
    return { kind: 'torn', detail: `last line is not whole: ${quote(record.toString())}` };
  const detail = `row has ${count} ${count === 1 ? 'field' : 'fields'}, its header ${room}`;
  return { kind: 'of the wrong length', detail };
}
