/** Fills a batch from CSV: decides which records are rows. */

import { quote, type Rejection } from '../../lines/line.ts';
import { swapBreaksIn } from '../../lines/line-ends.ts';
import { Batch, NULL } from './batch.ts';
import { type ColumnType, numberType, typeOf } from './column-type.ts';
import { endsInSeparators, type Fields, newFields, type Separator, scanRecord } from './csv-record.ts';
import { isBlank, isTorn } from './line-bounds.ts';
import type { Notation } from './notation.ts';
import { RowRecords } from './row-records.ts';
import { emptyKey, isText, notText, wrongType } from './row-rejections.ts';
import type { Column, Schema } from './schema.ts';
import { mayBeOdd, spellColumn } from './spelling.ts';

const QUOTE = 34;

/** What the first record, or the user, says about all records of a source. */
export interface Header {
  /** As it came; empty if the source has none. */
  readonly line: Buffer;
  /** What the number of fields follows from, for messages. */
  readonly what: string;
  readonly columns: readonly Column[];
  /** Number of trailing nameless columns: when every line ends with a delimiter. */
  readonly nameless: number;
  /** Indexes of the key columns. */
  readonly key: readonly number[];
}

interface CsvSettings {
  readonly header: Header;
  readonly schema: Schema;
  readonly separator: Separator;
  /** The name for messages. */
  readonly source: string;
  /** Whether line breaks in quotes were swapped: see `line-ends.ts`. */
  readonly hasSwappedBreaks: boolean;
  /** Undefined if fields need no rewriting. */
  readonly notation: Notation | undefined;
}

/** To be used record by record: `scan`, then `add` if it succeeded. */
export class CsvBatch {
  readonly batch: Batch;
  /** The record scanned last; its offsets go into the batch's next row. */
  readonly fields: Fields;
  readonly #header: Header;
  readonly #schema: Schema;
  readonly #separator: Separator;
  /** Indexes of columns whose values must be checked against their type. */
  readonly #typed: readonly number[];
  /** Indexes of columns that already were text. */
  readonly #texts: readonly number[];
  /** Those of them with values that may need respelling; collected row by row, while the bytes are in the CPU cache. */
  readonly #oddTexts = new Set<number>();
  /** Number of fields per row. */
  readonly #width: number;
  readonly #settings: CsvSettings;
  /** The input lines, before any rewriting. */
  readonly #lines: Buffer;
  /** Whether all bytes are valid text, so that records need no check. */
  readonly #isText: boolean;

  /** @param rows the expected number */
  constructor(bytes: Buffer, rows: number, settings: CsvSettings) {
    const { header, schema, separator, source } = settings;
    const { columns } = header;
    const names = columns.map(({ name }) => name);
    this.batch = new Batch(names, bytes, rows);
    this.batch.records = new RowRecords(source, bytes);
    this.fields = newFields(columns.length);
    this.#header = header;
    this.#width = columns.length + header.nameless;
    this.#schema = schema;
    this.#separator = separator;
    this.#settings = settings;
    this.#lines = bytes;
    this.#typed = [...columns.keys()].filter((at) => !holdsAll(columns[at]));
    this.#texts = [...columns.keys()].filter((at) => columns[at]?.type === 'text');
    this.#isText = isText(bytes);
  }

  /** As scanRecord, into the batch's next row. */
  scan(start: number): number {
    this.fields.at = this.batch.room();
    this.fields.starts = this.batch.starts;
    this.fields.ends = this.batch.ends;
    return scanRecord(this.#lines, start, this.#separator, this.fields);
  }

  /** Whether the scanned record has a field for each column. */
  get isWhole(): boolean {
    return this.fields.count === this.#width;
  }

  /**
   * Adds the scanned record if it is a row; skips blank lines and repeated headers.
   *
   * @param line its line number
   * @returns why it is rejected, if it is
   */
  add(start: number, end: number, line: number): Rejection | undefined {
    if (this.#isBlank(start) || this.#isHeader(start, end)) return undefined;
    const rejection =
      this.#recordProblem(start, end) ??
      this.#settings.notation?.rewriteRow(this.batch, this.fields, this.#header.columns) ??
      this.#keyProblem() ??
      this.#typeProblem();
    if (rejection !== undefined) return rejection;
    if (this.#settings.hasSwappedBreaks) this.#swapBreaks();
    this.batch.records.add(start, end, line);
    this.#addRow();
    return undefined;
  }

  /** Ends the batch: respells the values of text columns. */
  end(): Batch {
    const { decimalDigits } = this.#schema.limits;
    for (const [at, { type }] of this.#header.columns.entries()) {
      const isKnown = this.#texts.includes(at) && !this.#oddTexts.has(at);
      if (type === 'text' && !isKnown) spellColumn(this.batch, at, decimalDigits);
    }
    return this.batch;
  }

  #swapBreaks(): void {
    const { bytes, starts, ends } = this.batch;
    for (let at = this.fields.at; at < this.fields.at + this.fields.room; at++) {
      const start = starts[at] ?? NULL;
      if (bytes[start - 1] === QUOTE) swapBreaksIn(bytes.subarray(start, ends[at]));
    }
  }

  #isBlank(start: number): boolean {
    return this.fields.count === 1 && isBlank(this.batch.bytes, start);
  }

  #isHeader(start: number, end: number): boolean {
    const { line } = this.#header;
    return end - start === line.length && line.equals(this.batch.bytes.subarray(start, end));
  }

  #recordProblem(start: number, end: number): Rejection | undefined {
    const { nameless } = this.#header;
    if (this.isWhole && this.#isText && nameless === 0) return undefined;
    const record = this.batch.bytes.subarray(start, end);
    if (!this.isWhole) return wrongLength(record, this.fields.count, `${this.#header.what} ${this.#width}`);
    if (!this.#isText && !isText(record)) return notText(record);
    return nameless > 0 && !endsInSeparators(record, nameless, this.#separator) ? namelessValue : undefined;
  }

  #addRow(): void {
    const { batch, fields } = this;
    batch.rows++;
    for (const at of this.#texts) {
      const start = batch.starts[fields.at + at] ?? NULL;
      if (start !== NULL && mayBeOdd(batch.bytes, start, batch.ends[fields.at + at] ?? NULL))
        this.#oddTexts.add(at);
    }
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

  /** Widens columns only if all values of the row fit: a rejected row must not change anything. */
  #typeProblem(): Rejection | undefined {
    const { batch, fields } = this;
    let widening: [Column, ColumnType][] | undefined;
    for (const at of this.#typed) {
      const start = batch.starts[fields.at + at] ?? NULL;
      if (start === NULL) continue;
      const end = batch.ends[fields.at + at] ?? NULL;
      const column = this.#header.columns[at];
      if (column === undefined || holdsAll(column)) continue;
      const type = typeOf(batch.bytes, start, end, this.#schema.limits.decimalDigits);
      if (type === column.type) continue;
      const wider = this.#schema.wider(column, type);
      if (wider === undefined) {
        const text = batch.bytes.toString('utf8', start, end);
        if (!isGivenDecimal(column, text, this.#schema)) return wrongType(column, text);
      } else if (wider !== column.type) {
        widening ??= [];
        widening.push([column, wider]);
      }
    }
    for (const [column, type] of widening ?? []) column.type = type;
    return undefined;
  }
}

/** Whether the column holds any value, so that none needs a check. */
function holdsAll(column: Column | undefined): boolean {
  return column?.type === 'text' || column?.type === 'verbatim';
}

/** In a column that the user declared decimal, numbers may have exponents. */
function isGivenDecimal(column: Column, text: string, { limits }: Schema): boolean {
  return column.fixed && column.type === 'decimal' && numberType(text, limits.decimalDigits) === 'decimal';
}

function wrongLength(record: Buffer, count: number, expected: string): Rejection {
  if (isTorn(record)) return { kind: 'torn', detail: `last line is incomplete: ${quote(record.toString())}` };
  const detail = `row has ${count} ${count === 1 ? 'field' : 'fields'}, ${expected}`;
  return { kind: 'of the wrong length', detail };
}

const namelessValue: Rejection = {
  kind: 'of the wrong length',
  detail: 'row has a value in a column without a name',
};
