/**
 * Reads lines as stats rows: CSV with a header per source, or NDJSON, in any mix.
 *
 * A header in the middle (two files concatenated) replaces the columns. Columns may come in any order. A torn last line is
 * used if it has all its fields. Memory: one batch of lines and one record.
 */

import { Failure, status } from '../failure.ts';
import { splitFields, unmatchedQuotes } from '../lines/csv.ts';
import { JsonNumber, parseMembers } from '../lines/json.ts';
import { type Line, quote, type Reject, type Rejection } from '../lines/line.ts';
import { type Interpreter, type Meaning, RecordReader } from '../lines/record-reader.ts';
import { fieldsAt } from './line-fields.ts';
import { plainColumns } from './reading-columns.ts';
import { readingsOf } from './reading-fields.ts';
import {
  columnProblem,
  isHeader,
  MAX_COLUMNS,
  parseStatsRow,
  type StatsRow,
  statsColumns,
  tooManyColumns,
} from './stats-row.ts';
import { TimeReader } from './time-reader.ts';
import { ValueReader } from './value-reader.ts';

interface RowOptions {
  /** Why a row is not used; undefined if it is. */
  check?(row: StatsRow): Rejection | undefined;
  /** Called with the position of each row, before its batch is yielded. */
  onRow?(row: StatsRow, line: Line): void;
}

/**
 * The rows, in batches as their lines arrive; no batch is empty.
 *
 * @throws Failure (data) at a header that lacks a column, after the rows above it have been yielded
 */
export async function* readStatsRows(
  batches: AsyncIterable<Line[]>,
  reject: Reject,
  { check, onRow }: RowOptions = {},
): AsyncGenerator<StatsRow[]> {
  let rows: StatsRow[] = [];
  const use = (row: StatsRow, line: Line) => {
    const rejection = check?.(row);
    if (rejection !== undefined) {
      reject(line, rejection);
      return;
    }
    rows.push(row);
    onRow?.(row, line);
  };
  const reader = new RecordReader(new StatsInterpreter(), use, reject);
  for await (const lines of batches) {
    rows = [];
    let problem: unknown;
    try {
      for (const line of lines) reader.take(line);
    } catch (error) {
      problem = error;
    }
    if (rows.length > 0) yield rows;
    if (problem !== undefined) throw problem;
  }
  rows = [];
  reader.end();
  if (rows.length > 0) yield rows;
}

class StatsInterpreter implements Interpreter<StatsRow> {
  #columns: readonly string[] | undefined;
  /** The column names of all rows so far. */
  readonly #names = new Set<string>(statsColumns.map(({ name }) => name));

  begin(): void {
    this.#columns = undefined;
  }

  interpret(text: string, line: Line): Meaning<StatsRow> {
    if (text === '') return 'nothing';
    if (text.startsWith('{')) {
      const members = flatMembers(text);
      if (members !== undefined) return this.#columnRejection(members) ?? parseStatsRow(members);
      // Under a header it may still be CSV.
      if (this.#columns === undefined)
        return torn(line) ?? { kind: 'not JSON', detail: 'line is not a JSON object' };
    }
    const fields = splitFields(text, ',');
    if (fields === undefined) return unmatchedQuotes(text);
    if (this.#columns === undefined || isHeader(fields)) {
      this.#columns = this.#readHeader(line, fields);
      return 'nothing';
    }
    if (fields.length !== this.#columns.length) return torn(line) ?? wrongLength(fields, this.#columns);
    return parseStatsRow(new Map(this.#columns.map((name, at) => [name, fields[at] ?? ''])));
  }

  #columnRejection(members: ReadonlyMap<string, string>): Rejection | undefined {
    const problem = readingsProblem([...members.keys()]) ?? columnProblem([...members.keys()]);
    if (problem !== undefined) return { kind: 'without all columns', detail: problem };
    const tooMany = this.#notice(members.keys());
    return tooMany === undefined ? undefined : { kind: 'with too many columns', detail: tooMany };
  }

  #readHeader(line: Line, fields: readonly string[]): readonly string[] {
    const columns = fields.map((name) => name.trim());
    const problem = readingsProblem(columns) ?? columnProblem(columns) ?? this.#notice(columns);
    if (problem !== undefined) throw new Failure(status.data, `${line.source}:${line.number}: ${problem}`);
    return columns;
  }

  /** Adds these names to those of all rows. @returns the problem if they would be too many; then none is added */
  #notice(columns: Iterable<string>): string | undefined {
    const added: string[] = [];
    for (const name of columns) if (!this.#names.has(name)) added.push(name);
    const count = this.#names.size + added.length;
    if (count > MAX_COLUMNS) return `all rows would have ${tooManyColumns(count)}`;
    for (const name of added) this.#names.add(name);
    return undefined;
  }
}

/** For those who forgot get-stats: field names of readings, or a reading, where column names belong. */
function readingsProblem(fields: readonly string[]): string | undefined {
  const isNamed = fields.includes('value') && !fields.includes('count');
  return isNamed || isReading(fields) ? 'these are readings: get-stats makes rows of them' : undefined;
}

function isReading(fields: readonly string[]): boolean {
  const columns = plainColumns[fields.length];
  if (columns === undefined) return false;
  // Any zone will do to recognise a reading.
  const readers = { times: new TimeReader({ zone: 'UTC' }), values: new ValueReader({}) };
  return 'readings' in readingsOf(fieldsAt(fields, columns), readers, { range: undefined });
}

function torn(line: Line): Rejection | undefined {
  return line.torn ? { kind: 'torn', detail: `last line is incomplete: ${quote(line.text)}` } : undefined;
}

function wrongLength(fields: readonly string[], columns: readonly string[]): Rejection {
  return {
    kind: 'of the wrong length',
    detail: `row has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, its header ${columns.length}`,
  };
}

/** The members of a flat object as text, numbers with their digits; undefined for anything else. */
function flatMembers(text: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  const members = parseMembers(text);
  for (const [name, value] of members ?? []) {
    if (value instanceof JsonNumber) fields.set(name, value.digits);
    else if (typeof value === 'object' && value !== null) return undefined;
    else fields.set(name, value === null ? '' : String(value));
  }
  return members && fields;
}
