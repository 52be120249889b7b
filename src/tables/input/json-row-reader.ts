/**
 * Rows from NDJSON: an object per line, whose members are columns; what an object lacks is null.
 *
 * Numbers keep their digits. Text in JSON is a time or text, never a number. What is nested becomes its JSON.
 */

import { quote, type Rejection } from '../../lines/line.ts';
import { losslessJson } from '../../load.ts';
import { Batch, NULL } from './batch.ts';
import { type ColumnType, numberType, typeOf } from './column-type.ts';
import { isBlank, lineEnd } from './line-bounds.ts';
import type { Block, ReadBatch, RowReader } from './row-reader.ts';
import { emptyKey, isText, notText, wrongType } from './row-rejections.ts';
import type { Column, Schema } from './schema.ts';
import type { SourceCursor } from './source-cursor.ts';
import { utcTime } from './utc-time.ts';

/** Matches JSON with a number that JavaScript would write with other digits. */
const ODD_NUMBER = /[\d.]{16}|\d[eE][+-]?\d|\.\d*0[,}\]\s]/;
const NOT_TEXT = /\0|\p{Surrogate}/u;

interface Member {
  readonly name: string;
  readonly text: string;
  readonly type: ColumnType;
}

/** Reads a row from every line that is not blank. */
export class JsonRowReader implements RowReader {
  readonly #schema: Schema;
  readonly #cursor: SourceCursor;

  constructor(schema: Schema, cursor: SourceCursor) {
    this.#schema = schema;
    this.#cursor = cursor;
  }

  /** Throws nothing: an object that does not fit the table is rejected alone. */
  read({ bytes, maxRows }: Block): ReadBatch {
    const rows = new JsonRows(this.#schema);
    let at = 0;
    while (at < bytes.length && rows.count < maxRows) {
      const end = lineEnd(bytes, at);
      const line = bytes.subarray(at, end);
      const rejection = isBlank(bytes, at) ? undefined : isText(line) ? rows.add(line.toString()) : notText;
      if (rejection === undefined) this.#cursor.line++;
      else this.#cursor.reject(line, rejection);
      at = end;
    }
    return { batch: rows.batch(), next: at };
  }
}

/** Collects rows until they are a batch: only the last one tells which columns it has. */
class JsonRows {
  readonly #schema: Schema;
  /** The columns of the batch, each with its index. */
  readonly #indexes = new Map<Column, number>();
  readonly #rows: (string | undefined)[][] = [];
  #knownNames = '';

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Adds the row of a line. @returns why it is rejected */
  add(line: string): Rejection | undefined {
    const object = parseObject(line);
    if (object === undefined) return { kind: 'not JSON', detail: `not a JSON object: ${quote(line.trim())}` };
    const names = Object.keys(object);
    const problem = this.#namesProblem(names);
    if (problem !== undefined) return { kind: 'of other columns', detail: problem };
    const members = names.flatMap((name) => member(name, object[name], this.#schema));
    if (line.includes('\\u') && members.some(({ text }) => NOT_TEXT.test(text))) return notText;
    return this.#addRow(names, members);
  }

  batch(): Batch {
    const columns = [...this.#indexes.keys()];
    const rows = this.#rows;
    const length = rows.reduce(
      (sum, row) => row.reduce((all, text) => all + 3 * (text?.length ?? 0), sum),
      0,
    );
    const names = columns.map(({ name }) => name);
    const batch = new Batch(names, Buffer.allocUnsafe(length), rows.length);
    let end = 0;
    for (const row of rows) {
      const first = batch.room();
      for (let at = 0; at < columns.length; at++) {
        const text = row[at];
        batch.starts[first + at] = text === undefined ? NULL : end;
        if (text !== undefined) end += batch.bytes.write(text, end);
        batch.ends[first + at] = end;
      }
      batch.rows++;
    }
    return batch;
  }

  /** Most lines have the names of the line before. */
  #namesProblem(names: readonly string[]): string | undefined {
    const all = names.join('\0');
    if (all === this.#knownNames) return undefined;
    const problem = this.#schema.problem(names);
    if (problem === undefined) this.#knownNames = all;
    return problem;
  }

  /** Checks types first: a row that is rejected leaves nothing behind. */
  #addRow(names: readonly string[], members: readonly Member[]): Rejection | undefined {
    const row: (string | undefined)[] = [];
    for (const member of members) {
      const column = this.#schema.column(member.name);
      if (!this.#schema.admit(column, typeFor(column, member, this.#schema)))
        return wrongType(column, member.text);
      row[this.#index(column)] = member.text;
    }
    const empty = this.#schema.key.find((column) => row[this.#index(column)] === undefined);
    if (empty !== undefined) return emptyKey(empty);
    for (const name of names) this.#index(this.#schema.column(name));
    this.#rows.push(row);
    return undefined;
  }

  #index(column: Column): number {
    const index = this.#indexes.get(column) ?? this.#indexes.size;
    this.#indexes.set(column, index);
    return index;
  }
}

/** Text may be a number for a column that holds numbers already. */
function typeFor(column: Column, { text, type }: Member, { decimalDigits }: Schema): ColumnType {
  if (type !== 'text' || !column.settled || column.type === 'text') return type;
  const bytes = Buffer.from(text);
  return typeOf(bytes, 0, bytes.length, decimalDigits);
}

/** One member; none for null. */
function member(name: string, value: unknown, { decimalDigits }: Schema): Member[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string')
    return [{ name, text: value, type: utcTime(value) === undefined ? 'text' : 'timestamp' }];
  if (typeof value === 'boolean') return [{ name, text: String(value), type: 'boolean' }];
  const isNumber = typeof value === 'number' || losslessJson().isLosslessNumber(value);
  const text = isNumber ? String(value) : (losslessJson().stringify(value) ?? '');
  return [{ name, text, type: isNumber ? numberType(text, decimalDigits) : 'text' }];
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    // JSON that begins with a brace is an object.
    return (ODD_NUMBER.test(line) ? losslessJson().parse(line) : JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
