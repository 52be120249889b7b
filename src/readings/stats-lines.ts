/**
 * From lines to stats rows: CSV under a header, or NDJSON, line by line; each source begins with its own header.
 *
 * A header in the middle (two files concatenated) starts over with its columns. Columns may stand in any order.
 * A torn last line counts when all its fields are there. Memory: one batch of lines and one record.
 */

import { isLosslessNumber, parse as parseJson } from 'lossless-json';
import { Failure, status } from '../failure.ts';
import { CsvRecords } from './csv-records.ts';
import { type Line, quote, type Reject, type Rejection } from './line.ts';
import { columnProblem, isHeader, isRejection, parseStatsRow, type StatsRow } from './stats-row.ts';

/**
 * The rows, in batches as their lines arrive.
 *
 * @throws Failure (data) at a header without all columns; the rows above it have been yielded by then
 */
export async function* readStatsRows(
  batches: AsyncIterable<Line[]>,
  reject: Reject,
): AsyncGenerator<StatsRow[]> {
  const reader = new Reader(reject);
  for await (const lines of batches) {
    let problem: unknown;
    try {
      for (const line of lines) reader.add(line);
    } catch (error) {
      problem = error;
    }
    const rows = reader.take();
    if (rows.length > 0) yield rows;
    if (problem !== undefined) throw problem;
  }
  reader.end();
  const rows = reader.take();
  if (rows.length > 0) yield rows;
}

class Reader {
  readonly #reject: Reject;
  readonly #csv: CsvRecords;
  #columns: readonly string[] | undefined;
  #rows: StatsRow[] = [];

  constructor(reject: Reject) {
    this.#reject = reject;
    this.#csv = new CsvRecords(reject);
  }

  take(): StatsRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  add(line: Line): void {
    if (line.number === 1) {
      this.end();
      this.#columns = undefined;
    }
    if (line.text.startsWith('{') && !this.#csv.isOpen && this.#addJson(line)) return;
    for (const record of this.#csv.add(line)) this.#addRecord(record.line, record.fields);
  }

  end(): void {
    for (const record of this.#csv.end()) this.#addRecord(record.line, record.fields);
  }

  /** False when the line is not JSON but may still be CSV. */
  #addJson(line: Line): boolean {
    const fields = parseObject(line.text);
    if (fields === undefined && this.#columns !== undefined) return false;
    if (fields === undefined)
      this.#reject(line, torn(line) ?? { kind: 'not JSON', detail: 'line is not a JSON object' });
    else this.#addFields(line, fields, columnProblem([...fields.keys()]));
    return true;
  }

  #addRecord(line: Line, fields: readonly string[]): void {
    if (this.#columns === undefined || isHeader(fields)) this.#columns = readHeader(line, fields);
    else if (fields.length !== this.#columns.length)
      this.#reject(line, torn(line) ?? wrongLength(fields, this.#columns));
    else this.#addFields(line, new Map(this.#columns.map((name, at) => [name, fields[at] ?? ''])));
  }

  #addFields(line: Line, fields: ReadonlyMap<string, string>, problem?: string): void {
    const row =
      problem === undefined ? parseStatsRow(fields) : { kind: 'without all columns', detail: problem };
    if (isRejection(row)) this.#reject(line, row);
    else this.#rows.push(row);
  }
}

function readHeader(line: Line, fields: readonly string[]): readonly string[] {
  const columns = fields.map((name) => name.trim());
  const problem = columnProblem(columns);
  if (problem !== undefined) throw new Failure(status.data, `${line.source}:${line.number}: ${problem}`);
  return columns;
}

function torn(line: Line): Rejection | undefined {
  return line.torn ? { kind: 'torn', detail: `last line is not whole: ${quote(line.text)}` } : undefined;
}

function wrongLength(fields: readonly string[], columns: readonly string[]): Rejection {
  return {
    kind: 'of the wrong length',
    detail: `row has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, its header ${columns.length}`,
  };
}

/** The members of a flat object as text, numbers with their digits; undefined for anything else. */
function parseObject(text: string): Map<string, string> | undefined {
  try {
    // A line that starts with a brace is an object or nothing.
    const members = Object.entries(parseJson(text) as Record<string, unknown>);
    const fields = members.map(([name, value]) => [name, fieldText(value)] as const);
    return new Map(fields);
  } catch {
    return undefined;
  }
}

function fieldText(value: unknown): string {
  if (value === null) return '';
  if (isLosslessNumber(value)) return value.value;
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  throw new TypeError('a row has no nested values');
}
