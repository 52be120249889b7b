/**
 * Rows from NDJSON: an object per line, whose members are columns; what an object lacks is null.
 *
 * Numbers keep their digits. Text in JSON is a time or text, never a number. What is nested becomes its JSON.
 */

import type { Rejection } from '../../lines/line.ts';
import { isBlank, lineEnd } from './csv-record.ts';
import { JsonRows } from './json-rows.ts';
import type { Block, RowReader, Taken } from './read-rows.ts';
import type { Columns } from './schema.ts';
import { isText, LONGEST_LINE, notText, type Position, tooLong } from './source-cursor.ts';

export class JsonReader implements RowReader {
  readonly #columns: Columns;
  readonly #position: Position;

  constructor(columns: Columns, position: Position) {
    this.#columns = columns;
    this.#position = position;
  }

  take({ bytes, most }: Block): Taken {
    const rows = new JsonRows(this.#columns);
    let at = 0;
    while (at < bytes.length && rows.count < most) {
      const end = lineEnd(bytes, at);
      const line = bytes.subarray(at, end);
      const rejection = isBlank(bytes, at) ? undefined : judge(line, rows);
      if (rejection === undefined) this.#position.number++;
      else this.#position.reject(line, rejection);
      at = end;
    }
    return { batch: rows.batch(), next: at };
  }
}

function judge(line: Buffer, rows: JsonRows): Rejection | undefined {
  if (line.length > LONGEST_LINE) return tooLong;
  return isText(line) ? rows.add(line.toString()) : notText;
}
