/**
 * Rows from CSV with a header. A line that is the header once more, as in files put one behind the other, is left out.
 *
 * A record that cannot be used is rejected and costs no other; of a quote that never closes, only the line where it opens.
 */

import { Failure, status } from '../../failure.ts';
import { quote, type Rejection } from '../../lines/line.ts';
import { Batch } from './batch.ts';
import { CsvRows, type Header } from './csv-batch.ts';
import { type Fields, fieldText, isBlank, lineEnd, newFields, OPEN, scanRecord } from './csv-record.ts';
import type { Block, RowReader, Taken } from './read-rows.ts';
import type { Column, Columns } from './schema.ts';
import { isText, LONGEST_LINE, type Position } from './source-cursor.ts';

/** With more lines than these it is not one record: its quote is a mistake. */
const MOST_BREAKS = 100;
const MOST_COLUMNS = 10_000;

export class CsvReader implements RowReader {
  readonly #columns: Columns;
  readonly #delimiter: number;
  readonly #position: Position;
  #header: Header | undefined;
  /** Of a batch. */
  #usualRows = 0;

  constructor(columns: Columns, delimiter: number, position: Position) {
    this.#columns = columns;
    this.#delimiter = delimiter;
    this.#position = position;
  }

  take(block: Block): Taken {
    const start = this.#header === undefined ? this.#readHeader(block) : 0;
    if (this.#header === undefined) return { batch: undefined, next: start };
    const batch = new Batch(this.#header.columns, block.bytes, this.#usualRows);
    const next = this.#readRows(block, start, new CsvRows(batch, this.#header, this.#columns));
    this.#usualRows = batch.rows;
    return { batch, next };
  }

  /** @returns where the rows begin @throws Failure (data) */
  #readHeader({ bytes, last }: Block): number {
    const fields = newFields(MOST_COLUMNS);
    let start = 0;
    for (; isBlank(bytes, start); start = lineEnd(bytes, start)) this.#position.number++;
    const next = scanRecord(bytes, start, this.#delimiter, fields);
    if (start === bytes.length || (next === OPEN && !last && mayClose(bytes, start, fields))) return start;
    const line = bytes.subarray(start, next < 0 ? lineEnd(bytes, start) : next);
    if (next < 0 || fields.count > MOST_COLUMNS || !isText(line))
      throw new Failure(status.data, `${this.#position}: not a header: ${quote(line.toString().trimEnd())}`);
    const header = Buffer.from(line);
    const columns = this.#columnsFor(names(bytes, fields));
    const key = this.#columns.key.map((column) => columns.indexOf(column));
    this.#header = { line: header, columns, key };
    this.#position.number += 1 + fields.breaks;
    return next;
  }

  #columnsFor(header: readonly string[]): Column[] {
    const problem = this.#columns.problem(header);
    if (problem !== undefined) throw new Failure(status.data, `${this.#position}: ${problem}`);
    return header.map((name) => this.#columns.of(name));
  }

  /** @returns where the record begins that was not read */
  #readRows({ bytes, last, most }: Block, start: number, rows: CsvRows): number {
    const { batch, fields } = rows;
    let at = start;
    let records = 0;
    while (at < bytes.length && batch.rows < most) {
      rows.makeRoom();
      const next = scanRecord(bytes, at, this.#delimiter, fields);
      if (next === OPEN && !last && mayClose(bytes, at, fields)) break;
      const whole = next >= 0 && (fields.breaks === 0 || fields.count === fields.room);
      const end = whole ? next : lineEnd(bytes, at);
      const rejection = whole ? rows.judge(at, end) : unmatched(bytes, at);
      if (rejection === undefined) this.#position.number += 1 + fields.breaks;
      else this.#position.reject(bytes.subarray(at, end), rejection);
      records++;
      at = end;
    }
    if (records === batch.rows) batch.csv = { bytes: bytes.subarray(start, at), delimiter: this.#delimiter };
    return Math.min(at, bytes.length);
  }
}

/** Whether a record whose quote is open may still end in what follows. */
function mayClose(bytes: Buffer, start: number, { breaks }: Fields): boolean {
  return breaks < MOST_BREAKS && bytes.length - start <= LONGEST_LINE;
}

function names(bytes: Buffer, fields: Fields): string[] {
  return Array.from({ length: fields.count }, (_, at) => (fieldText(bytes, fields, at) ?? '').trim());
}

function unmatched(bytes: Buffer, start: number): Rejection {
  const line = bytes.toString('utf8', start, Math.min(lineEnd(bytes, start), start + LONGEST_LINE)).trimEnd();
  return { kind: 'malformed', detail: `quotes do not match: ${quote(line)}` };
}
