/**
 * Reads rows from NDJSON: an object per line, whose members are columns. A column that an object does not mention is left
 * alone: it gets its default in a new row, and keeps its value in an updated one.
 */

import type { Rejection } from '../../lines/line.ts';
import { Batch, NULL, type Part } from './batch.ts';
import type { ColumnType } from './column-type.ts';
import { parseObject, textProblem, type Value, valueIn } from './json-object.ts';
import { isBlank, lineEnd } from './line-bounds.ts';
import type { Notation } from './notation.ts';
import type { Block, ReadBatch, RowReader } from './row-reader.ts';
import { RowRecords } from './row-records.ts';
import { emptyKey, isText, notText, wrongType } from './row-rejections.ts';
import type { Column, Schema } from './schema.ts';
import type { SourceCursor } from './source-cursor.ts';
import { spelled } from './spelling.ts';

/** The columns of rows with the same members, in the order of the members. */
interface Shape {
  readonly columns: readonly Column[];
  /** Column indexes in the batch. */
  readonly indexes: readonly number[];
}

/** Reads a row from every line that is not blank. */
export class JsonRowReader implements RowReader {
  readonly #schema: Schema;
  readonly #cursor: SourceCursor;
  readonly #notation: Notation | undefined;

  constructor(schema: Schema, cursor: SourceCursor, notation?: Notation) {
    this.#schema = schema;
    this.#cursor = cursor;
    this.#notation = notation;
  }

  /** Never throws: an object that does not fit the table is rejected alone. */
  read({ bytes, maxRows }: Block): ReadBatch {
    const records = new RowRecords(this.#cursor.source, bytes);
    const rows = new JsonRows(this.#schema, this.#notation);
    let at = 0;
    while (at < bytes.length && rows.count < maxRows) {
      const end = lineEnd(bytes, at);
      const line = bytes.subarray(at, end);
      const { count } = rows;
      const isLeftOut = isBlank(bytes, at) || this.#cursor.isComment(bytes, at);
      const rejection = isLeftOut ? undefined : addLine(line, rows);
      if (rows.count > count) records.add(at, end, this.#cursor.line);
      if (rejection === undefined) this.#cursor.leaveOut(bytes, at);
      else this.#cursor.reject(line, rejection);
      at = end;
    }
    const batch = rows.batch();
    batch.records = records;
    return { batch, next: at };
  }
}

function addLine(line: Buffer, rows: JsonRows): Rejection | undefined {
  return isText(line) ? rows.add(line.toString()) : notText(line);
}

/** Collects rows, then makes a batch: its columns are known only after the last row. */
class JsonRows {
  readonly #schema: Schema;
  readonly #notation: Notation | undefined;
  /** Index in the batch by column. */
  readonly #indexes = new Map<Column, number>();
  readonly #rows: (string | undefined)[][] = [];
  readonly #parts: Part[] = [];
  /** By member names, joined with NUL. */
  readonly #shapes = new Map<string, Shape>();
  #lastShape: Shape | undefined;

  constructor(schema: Schema, notation: Notation | undefined) {
    this.#schema = schema;
    this.#notation = notation;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Adds the row of a line. @returns why it is rejected; then nothing was changed */
  add(line: string): Rejection | undefined {
    const object = parseObject(line);
    if ('rejection' in object) return object.rejection;
    const { names, members } = object;
    const id = names.join('\0');
    const known = this.#shapes.get(id);
    const problem = known === undefined ? this.#schema.problem(names) : undefined;
    if (problem !== undefined) return { kind: 'with other columns', detail: problem };
    const columns = known?.columns ?? names.map((name) => this.#schema.find(name));
    const skipped = this.#rewriteTimes(names, columns, members);
    if (skipped !== undefined) return skipped;
    const values = names.map((name, at) => valueIn(members[name], columns[at], this.#schema));
    const rejection =
      (object.mayHoldAnything ? textProblem(names, values) : undefined) ?? this.#problem(columns, values);
    if (rejection === undefined) this.#addRow(known ?? this.#addShape(id, names), values);
    return rejection;
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
    batch.parts = this.#parts;
    return batch;
  }

  /** Rewrites the members that are times. @returns why the row is rejected */
  #rewriteTimes(
    names: readonly string[],
    columns: readonly (Column | undefined)[],
    members: Record<string, unknown>,
  ): Rejection | undefined {
    if (this.#notation === undefined) return undefined;
    for (const [at, name] of names.entries()) {
      const member = members[name];
      if (typeof member !== 'string') continue;
      const found = this.#notation.time(member, columns[at] ?? { name });
      if (typeof found === 'object') return found;
      if (found !== undefined) members[name] = found;
    }
    return undefined;
  }

  #problem(
    columns: readonly (Column | undefined)[],
    values: readonly (Value | undefined)[],
  ): Rejection | undefined {
    for (const [at, value] of values.entries()) {
      const column = columns[at];
      if (column === undefined || value === undefined || value.type === column.type) continue;
      if (this.#schema.wider(column, value.type) === undefined) return wrongType(column, value.text);
    }
    const empty = this.#schema.key.find((key) => values[columns.indexOf(key)] === undefined);
    return empty && emptyKey(empty);
  }

  #addShape(id: string, names: readonly string[]): Shape {
    const columns = names.map((name) => this.#schema.column(name));
    const shape = { columns, indexes: columns.map((column) => this.#index(column)) };
    this.#shapes.set(id, shape);
    return shape;
  }

  #addRow(shape: Shape, values: readonly (Value | undefined)[]): void {
    const row: (string | undefined)[] = [];
    for (const [at, value] of values.entries()) {
      const [column, index] = [shape.columns[at], shape.indexes[at]];
      if (value === undefined || column === undefined || index === undefined) continue;
      if (value.type !== column.type) this.#widen(column, value.type, index);
      row[index] = column.type === 'text' ? spelled(value.text, value.type) : value.text;
    }
    this.#rows.push(row);
    const end = this.#rows.length;
    const part = this.#parts.at(-1);
    if (part !== undefined && shape === this.#lastShape) part.end = end;
    else
      this.#parts.push({
        ...{ start: end - 1, end },
        columns: [...shape.indexes].sort((one, other) => one - other),
      });
    this.#lastShape = shape;
  }

  /** Widens a column; if it becomes text, respells its values. */
  #widen(column: Column, type: ColumnType, index: number): void {
    const before = column.type;
    column.type = this.#schema.wider(column, type) ?? before;
    if (column.type !== 'text' || before === 'text') return;
    for (const row of this.#rows) {
      const text = row[index];
      if (text !== undefined) row[index] = spelled(text, before);
    }
  }

  #index(column: Column): number {
    const index = this.#indexes.get(column) ?? this.#indexes.size;
    this.#indexes.set(column, index);
    return index;
  }
}
