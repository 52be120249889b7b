/**
 * From lines to CSV records, as RFC 4180 says: a quoted field may hold the delimiter, doubled quotes and newlines.
 *
 * A quote that is never closed costs its own line only: the lines after it are read again without it.
 * Memory: the lines of one record, 100 at the most.
 */

import { CsvError, parse } from 'csv-parse/sync';
import type { Line, Reject } from './line.ts';

const MOST_LINES = 100;

export interface CsvRecord {
  /** All its lines as one, at the place of the first. */
  readonly line: Line;
  readonly fields: readonly string[];
}

const reasons: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'text after a closing quote',
  INVALID_OPENING_QUOTE: 'a quote within a field that is not quoted',
};

export class CsvRecords {
  readonly #reject: Reject;
  /** The lines of a record whose quote is still open. */
  #open: Line[] = [];

  constructor(reject: Reject) {
    this.#reject = reject;
  }

  /** Whether the next line may go on with a record. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  /** The records that end with this line; with an empty line there is none. */
  *add(line: Line): Generator<CsvRecord> {
    const quoted = line.text.includes('"');
    if (!this.isOpen && !quoted) {
      if (line.text !== '') yield { line, fields: line.text.split(',') };
      return;
    }
    this.#open.push(line);
    const full = this.#open.length === MOST_LINES;
    if (quoted || full) yield* this.#close(full);
  }

  /** What is left when a source has ended. */
  *end(): Generator<CsvRecord> {
    while (this.isOpen) yield* this.#close(true);
  }

  *#close(last: boolean): Generator<CsvRecord> {
    const lines = this.#open;
    const [first] = lines;
    if (first === undefined) return;
    const line = {
      ...first,
      text: lines.map(({ text }) => text).join('\n'),
      torn: lines.at(-1)?.torn === true,
    };
    const result = parseRecord(line.text);
    if (typeof result !== 'string') {
      this.#open = [];
      yield { line, fields: result };
    } else if (result !== 'CSV_QUOTE_NOT_CLOSED' || last) {
      this.#open = [];
      this.#reject(first, { kind: 'badly quoted', detail: reasons[result] ?? result });
      for (const rest of lines.slice(1)) yield* this.add(rest);
    }
  }
}

/** The fields of one record, or the code of what is wrong with it. */
function parseRecord(text: string): string[] | string {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: '\n' })[0] ?? [''];
  } catch (error) {
    if (error instanceof CsvError) return error.code;
    throw error;
  }
}
