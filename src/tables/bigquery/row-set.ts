/** Rows of one or several batches, on their way to a table whose columns are all text. */

import type { Batch } from '../input/batch.ts';
import { type ColumnType, widest } from '../input/column-type.ts';
import { spelled } from '../input/spelling.ts';
import { bigqueryLimits } from '../limits.ts';

/** The column of the mask: a character for each column, `1` where the row mentions it. So no line is empty. */
export const MASK = 'mentioned';

/** All but tab and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\0-\x08\v\f\x0e-\x1f]/;

/** Text by the indexes of columns: null, or undefined for a column that the row does not mention. */
export type Row = readonly (string | null | undefined)[];

export class RowSet {
  readonly names: string[] = [];
  readonly types: ColumnType[] = [];
  readonly rows: Row[] = [];
  /** By names in lower case. */
  readonly #columns = new Map<string, number>();

  add(batch: Batch): void {
    const targets = batch.names.map((name, at) => this.#column(name, batch.types[at] ?? 'text'));
    for (const { start, end, columns } of batch.parts)
      for (let row = start; row < end; row++) {
        const values: (string | null | undefined)[] = new Array(this.names.length).fill(undefined);
        for (const column of columns) values[targets[column] ?? 0] = batch.text(row, column) ?? null;
        this.rows.push(values);
      }
  }

  /** The index of a column; undefined when there is none. */
  find(name: string): number | undefined {
    return this.#columns.get(name.toLowerCase());
  }

  #column(name: string, type: ColumnType): number {
    const known = this.find(name);
    if (known !== undefined) {
      this.types[known] = widest(this.types[known] ?? type, type, bigqueryLimits.decimalDigits);
      return known;
    }
    this.#columns.set(name.toLowerCase(), this.names.length);
    this.types.push(type);
    return this.names.push(name) - 1;
  }
}

/** One row for each key, with the last value of each column that any of its rows mentions, in the order of first rows. */
export function foldByKey(rows: readonly Row[], key: readonly number[], types: readonly ColumnType[]): Row[] {
  const folded = new Map<string, (string | null | undefined)[]>();
  for (const row of rows) {
    const id = JSON.stringify(key.map((at) => spelled(row[at] ?? '', types[at] ?? 'verbatim')));
    const known = folded.get(id);
    if (known === undefined) folded.set(id, [...row]);
    else for (const [at, value] of row.entries()) if (value !== undefined) known[at] = value;
  }
  return [...folded.values()];
}

/** Rows as the service reads them. */
export interface Csv {
  readonly bytes: Buffer<ArrayBuffer>;
  /** What the service must be told of it. */
  readonly options: { readonly allowQuotedNewlines?: true; readonly preserveAsciiControlCharacters?: true };
}

/** CSV without a header: the mask, then the values; null is an empty field, and text always quoted. */
export function toCsv(rows: readonly Row[], columns: number): Csv {
  const records = rows.map((row) => toRecord(row, columns));
  const has = (pattern: RegExp) => records.some((record) => pattern.test(record));
  return {
    bytes: Buffer.from(`${records.join('\n')}\n`),
    options: {
      ...(has(/[\r\n]/) ? { allowQuotedNewlines: true } : {}),
      ...(has(CONTROLS) ? { preserveAsciiControlCharacters: true } : {}),
    },
  };
}

/** Without a line break at its end. */
function toRecord(row: Row, columns: number): string {
  let mask = '';
  let fields = '';
  for (let at = 0; at < columns; at++) {
    const value = row[at];
    mask += value === undefined ? '0' : '1';
    fields += value === undefined || value === null ? ',' : `,"${value.replaceAll('"', '""')}"`;
  }
  return mask + fields;
}
