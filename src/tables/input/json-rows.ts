/** Rows of NDJSON until they are a batch: which columns it has is known with the last of them. */

import { quote, type Rejection } from '../../lines/line.ts';
import { losslessJson } from '../../load.ts';
import { Batch, NULL } from './batch.ts';
import { type ColumnType, numberType, typeOf } from './column-type.ts';
import type { Column, Columns } from './schema.ts';
import { notText, withoutKey, wrongType } from './source-cursor.ts';
import { utcTime } from './utc-time.ts';

/** What may hold a number that JavaScript would write with other digits. */
const ODD_NUMBER = /[\d.]{16}|\d[eE][+-]?\d|\.\d*0[,}\]\s]/;
const NOT_TEXT = /\0|\p{Surrogate}/u;

interface Member {
  readonly name: string;
  readonly text: string;
  readonly type: ColumnType;
}

export class JsonRows {
  readonly #columns: Columns;
  /** Of the batch, and where each stands. */
  readonly #places = new Map<Column, number>();
  readonly #rows: (string | undefined)[][] = [];
  #knownNames = '';

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Adds the row of a line; says what is wrong with it, if it is none. */
  add(line: string): Rejection | undefined {
    const object = parseObject(line);
    if (object === undefined) return { kind: 'not JSON', detail: `not a JSON object: ${quote(line.trim())}` };
    const names = Object.keys(object);
    const problem = this.#namesProblem(names);
    if (problem !== undefined) return { kind: 'of other columns', detail: problem };
    const members = names.flatMap((name) => member(name, object[name], this.#columns));
    if (line.includes('\\u') && members.some(({ text }) => NOT_TEXT.test(text))) return notText;
    return this.#fill(names, members);
  }

  batch(): Batch {
    const columns = [...this.#places.keys()];
    const rows = this.#rows;
    const length = rows.reduce(
      (sum, row) => row.reduce((all, text) => all + 3 * (text?.length ?? 0), sum),
      0,
    );
    const batch = new Batch(columns, Buffer.allocUnsafe(length), rows.length);
    let end = 0;
    for (const row of rows) {
      const place = batch.room();
      for (let at = 0; at < columns.length; at++) {
        const text = row[at];
        batch.starts[place + at] = text === undefined ? NULL : end;
        if (text !== undefined) end += batch.bytes.write(text, end);
        batch.ends[place + at] = end;
      }
      batch.rows++;
    }
    return batch;
  }

  /** Most lines have the names of the line before. */
  #namesProblem(names: readonly string[]): string | undefined {
    const all = names.join('\0');
    if (all === this.#knownNames) return undefined;
    const problem = this.#columns.problem(names);
    if (problem === undefined) this.#knownNames = all;
    return problem;
  }

  /** Types are looked at first: a row that is rejected leaves nothing behind. */
  #fill(names: readonly string[], members: readonly Member[]): Rejection | undefined {
    const row: (string | undefined)[] = [];
    for (const member of members) {
      const column = this.#columns.of(member.name);
      if (!this.#columns.takes(column, typeFor(column, member, this.#columns)))
        return wrongType(column, member.text);
      row[this.#place(column)] = member.text;
    }
    const empty = this.#columns.key.find((column) => row[this.#place(column)] === undefined);
    if (empty !== undefined) return withoutKey(empty);
    for (const name of names) this.#place(this.#columns.of(name));
    this.#rows.push(row);
    return undefined;
  }

  #place(column: Column): number {
    const place = this.#places.get(column) ?? this.#places.size;
    this.#places.set(column, place);
    return place;
  }
}

/** Text may be a number for a column that holds numbers already. */
function typeFor(column: Column, { text, type }: Member, { exact }: Columns): ColumnType {
  if (type !== 'text' || !column.settled || column.type === 'text') return type;
  const bytes = Buffer.from(text);
  return typeOf(bytes, 0, bytes.length, exact);
}

/** Nothing for null. */
function member(name: string, value: unknown, { exact }: Columns): Member[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string')
    return [{ name, text: value, type: utcTime(value) === undefined ? 'text' : 'timestamp' }];
  if (typeof value === 'boolean') return [{ name, text: String(value), type: 'boolean' }];
  const number = typeof value === 'number' || losslessJson().isLosslessNumber(value);
  const text = number ? String(value) : (losslessJson().stringify(value) ?? '');
  return [{ name, text, type: number ? numberType(text, exact) : 'text' }];
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    // What begins with a brace is an object or nothing.
    return (ODD_NUMBER.test(line) ? losslessJson().parse(line) : JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
