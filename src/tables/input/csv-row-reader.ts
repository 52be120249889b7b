/**
 * Reads rows from CSV, usually with a header. Repetitions of the header, as in concatenated files, are skipped.
 *
 * A bad record is rejected alone; a quote that is never closed loses only the line where it opens.
 */

import { Failure, status } from '../../failure.ts';
import { unmatchedQuotes } from '../../lines/csv.ts';
import { delimiterHint } from '../../lines/delimiter-hint.ts';
import { isTooLong, MAX_RECORD_LINES, tooLongRecord } from '../../lines/limits.ts';
import { quote, type Rejection } from '../../lines/line.ts';
import { swapBreaks } from '../../lines/line-ends.ts';
import { CsvBatch, type Header } from './csv-batch.ts';
import type { CsvInput, RowsForm } from './csv-input.ts';
import {
  type Fields,
  fieldText,
  newFields,
  OPEN,
  type Separator,
  scanRecord,
  separatorOf,
} from './csv-record.ts';
import { isBlank, lineEnd } from './line-bounds.ts';
import type { Notation } from './notation.ts';
import type { Block, ReadBatch, RowReader } from './row-reader.ts';
import { isText } from './row-rejections.ts';
import { type Column, type Schema, tooManyColumns } from './schema.ts';
import type { SourceCursor } from './source-cursor.ts';

/** More than in any table. */
const MAX_COLUMNS = 10_000;
const TO_LINES = `convert them with tr '\\r' '\\n'`;

/** Finds the header in the first block, then reads rows. */
export class CsvRowReader implements RowReader {
  readonly #schema: Schema;
  readonly #form: RowsForm;
  readonly #separator: Separator;
  readonly #cursor: SourceCursor;
  readonly #notation: Notation | undefined;
  readonly #warn: CsvInput['warn'];
  #header: Header | undefined;
  /** Rows of the previous batch. */
  #usualRows = 0;

  constructor({ schema, form, notation, warn }: CsvInput, cursor: SourceCursor) {
    this.#schema = schema;
    this.#form = form;
    this.#separator = separatorOf(form);
    this.#cursor = cursor;
    this.#notation = notation;
    this.#warn = warn;
  }

  /** @throws Failure (data) for a first record that is not a header, or whose columns do not fit the table */
  read(block: Block): ReadBatch {
    const start = this.#header === undefined ? this.#findHeader(block) : 0;
    if (this.#header === undefined) return { batch: undefined, next: start };
    const { source, hasSwappedBreaks } = this.#cursor;
    const settings = {
      schema: this.#schema,
      separator: this.#separator,
      source,
      hasSwappedBreaks,
      notation: this.#notation,
    };
    const rows = new CsvBatch(block.bytes, this.#usualRows, { header: this.#header, ...settings });
    const next = this.#readRows(block, start, rows);
    this.#usualRows = rows.batch.rows;
    return { batch: rows.end(), next };
  }

  /** @returns offset of the first row, or of an incomplete first record @throws Failure (data) */
  #findHeader({ bytes, isLast }: Block): number {
    const fields = newFields(MAX_COLUMNS);
    for (let start = 0; ; ) {
      for (; isBlank(bytes, start) || this.#cursor.isComment(bytes, start); start = lineEnd(bytes, start))
        this.#cursor.leaveOut(bytes, start);
      const next = scanRecord(bytes, start, this.#separator, fields);
      if (start === bytes.length || (next === OPEN && !isLast && mayClose(bytes, start, fields)))
        return start;
      const line = bytes.subarray(start, next < 0 ? lineEnd(bytes, start) : next);
      const isRecord = next >= 0 && !exceedsLimits(line, fields);
      if (fields.count > MAX_COLUMNS) throw this.#failure(tooManyColumns(fields.count, this.#schema.limits));
      if (this.#form.mayHaveHeader !== false) {
        if (!isRecord || !isText(line)) throw this.#failure(`not a header: ${quote(shown(line))}`);
        this.#lookForColumns(line, fields);
        this.#readHeader(bytes, line, fields);
        return next;
      }
      if (isRecord) {
        this.#lookForColumns(line, fields);
        this.#nameColumns(fields.count);
        return start;
      }
      this.#cursor.reject(line, noRecord(bytes, start, fields));
      start += line.length;
    }
  }

  /** Warns if there is only one column: the delimiter may be wrong. */
  #lookForColumns(line: Buffer, { count }: Fields): void {
    const hint = count > 1 ? undefined : delimiterHint([shown(line)], this.#form.delimiter);
    if (hint !== undefined) this.#warn(`${this.#cursor}: one column: ${quote(shown(line))}; ${hint}`);
  }

  #readHeader(bytes: Buffer, line: Buffer, fields: Fields): void {
    const written = names(bytes, fields);
    const columns = this.#columnsOf(this.#cursor.hasSwappedBreaks ? written.map(swapBreaks) : written);
    const nameless = fields.count - columns.length;
    const what = 'its header';
    this.#header = { line: Buffer.from(line), what, columns, nameless, key: this.#keyIn(columns) };
    this.#cursor.line += 1 + fields.breaks;
  }

  /** Names the columns of a source without a header. @param width number of fields in its first record */
  #nameColumns(width: number): void {
    const { columnNames } = this.#form;
    const columns = this.#columnsOf(
      columnNames ?? Array.from({ length: width }, (_, at) => `column${at + 1}`),
    );
    const what = columnNames === undefined ? 'the first' : '--columns';
    this.#header = { line: Buffer.alloc(0), what, columns, nameless: 0, key: this.#keyIn(columns) };
  }

  #keyIn(columns: readonly Column[]): number[] {
    return this.#schema.key.map((column) => columns.indexOf(column));
  }

  #columnsOf(header: readonly string[]): Column[] {
    const hasReturns = (name: string) => !this.#cursor.hasSwappedBreaks && /\r(?!\n)/.test(name);
    const returns = header.find(hasReturns);
    if (returns !== undefined)
      throw this.#failure(`lines end in carriage returns: ${quote(returns)}; ${TO_LINES}`);
    const problem = this.#schema.problem(header);
    if (problem !== undefined) throw this.#failure(problem);
    const columns = header.map((name) => this.#schema.column(name));
    // Possibly misspelt, which nothing else would reveal.
    for (const name of this.#schema.unknownTyped)
      this.#warn(`${this.#cursor}: no column ${quote(name)}, which --types names`);
    return columns;
  }

  #failure(problem: string): Failure {
    return new Failure(status.data, `${this.#cursor}: ${problem}`);
  }

  /** @returns offset of the first unread record */
  #readRows({ bytes, isLast, maxRows }: Block, start: number, rows: CsvBatch): number {
    const { batch, fields } = rows;
    let at = start;
    let records = 0;
    for (; at < bytes.length && batch.rows < maxRows; records++) {
      if (this.#cursor.isComment(bytes, at)) {
        this.#cursor.leaveOut(bytes, at);
        at = lineEnd(bytes, at);
        continue;
      }
      const next = rows.scan(at);
      if (next === OPEN && !isLast && mayClose(bytes, at, fields)) break;
      const isRecord =
        next >= 0 &&
        (fields.breaks === 0 || (rows.isWhole && !exceedsLimits(bytes.subarray(at, next), fields)));
      const end = isRecord ? next : lineEnd(bytes, at);
      const rejection = isRecord ? rows.add(at, end, this.#cursor.line) : noRecord(bytes, at, fields);
      if (rejection === undefined) this.#cursor.line += 1 + fields.breaks;
      else this.#cursor.reject(bytes.subarray(at, end), rejection);
      at = end;
    }
    const { bytes: delimiter, first, merges } = this.#separator;
    const isPlain = records === batch.rows && this.#header?.nameless === 0 && batch.bytes === bytes;
    if (isPlain && delimiter.length === 1 && !merges)
      batch.csv = { bytes: bytes.subarray(start, at), delimiter: first };
    return Math.min(at, bytes.length);
  }
}

/** Whether a record with an open quote may end in a later block. */
function mayClose(bytes: Buffer, start: number, fields: Fields): boolean {
  return !exceedsLimits(bytes.subarray(start), fields);
}

/** Whether a record, or the part of it so far, exceeds the limits. */
function exceedsLimits(record: Buffer, { breaks }: Fields): boolean {
  return breaks >= MAX_RECORD_LINES || isTooLong(record);
}

/** The names without trailing empty ones, which come from a delimiter at the end of every line. */
function names(bytes: Buffer, fields: Fields): string[] {
  const all = Array.from({ length: fields.count }, (_, at) => (fieldText(bytes, fields, at) ?? '').trim());
  return all.slice(
    0,
    1 +
      Math.max(
        0,
        all.findLastIndex((name) => name !== ''),
      ),
  );
}

function shown(line: Buffer): string {
  return line.toString().trimEnd();
}

/** Why there is no record at this line, independent of block boundaries. */
function noRecord(bytes: Buffer, start: number, { breaks }: Fields): Rejection {
  const lines = Math.min(breaks + 1, MAX_RECORD_LINES);
  let end = start;
  for (let line = 0; line < lines; line++) end = lineEnd(bytes, end);
  if (isTooLong(bytes.subarray(start, end))) return tooLongRecord;
  return unmatchedQuotes(shown(bytes.subarray(start, lineEnd(bytes, start))));
}
