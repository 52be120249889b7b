/**
 * Formats rows: CSV with a header (csv-stringify), NDJSON, or aligned columns for people.
 *
 * A row is a list of texts, one per column. Numbers keep their digits in every format.
 */

import { csvStringify } from '../load.ts';
import { csvStyle } from './csv.ts';
import { TableText } from './table-text.ts';

/**
 * Tables are for people. A `table` needs all rows before it can show the first; a `live-table` shows each batch at once,
 * and its columns may grow wider.
 */
export type RowFormat = 'csv' | 'json' | 'table' | 'live-table';

/** A column of the output. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
  /** Whether no value in it ever needs quotes; values from outside might. */
  readonly isPlain?: boolean;
}

/** The values of a row, in the order of the columns. */
export type Row = readonly string[];

/**
 * Formats rows as they come, with a header before the first; no rows give no text. A batch may be the text of rows that
 * were formatted elsewhere: in the same format or, for a table, as CSV without quotes.
 */
export function formatRows(
  batches: AsyncIterable<Row[]>,
  columns: readonly Column[],
  format: RowFormat,
): AsyncGenerator<string>;
export function formatRows(
  batches: AsyncIterable<Row[] | Buffer>,
  columns: readonly Column[],
  format: RowFormat,
): AsyncGenerator<string | Buffer>;
export async function* formatRows(
  batches: AsyncIterable<Row[] | Buffer>,
  columns: readonly Column[],
  format: RowFormat,
): AsyncGenerator<string | Buffer> {
  if (format === 'table' || format === 'live-table') {
    yield* tableText(batches, columns, format === 'live-table');
    return;
  }
  const names = columns.map(({ name }) => name);
  const write = format === 'csv' ? csvWriter(columns) : (row: Row) => toJson(row, columns);
  let header = format === 'csv' ? csvWriter(names.map((name) => ({ name, type: 'text' })))(names) : '';
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    let text = header;
    header = '';
    if (Array.isArray(rows)) for (const row of rows) text += write(row);
    if (text !== '') yield text;
    if (!Array.isArray(rows)) yield rows;
  }
}

async function* tableText(
  batches: AsyncIterable<Row[] | Buffer>,
  columns: readonly Column[],
  isLive: boolean,
) {
  const table = tableOf(columns);
  let isEmpty = true;
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    isEmpty = false;
    if (Array.isArray(rows)) table.add(rows);
    else table.addCsv(rows);
    if (isLive) yield* table.takeText();
  }
  if (!isEmpty) yield* table.takeText();
}

/** Uses csv-stringify, which is slower, only for the few rows with a field that needs quotes. */
function csvWriter(columns: readonly Column[]): (row: Row) => string {
  const unknown = columns.flatMap(({ isPlain }, at) => (isPlain ? [] : [at]));
  // Names are mostly those of the previous row.
  let plain: Row = [];
  return (row) => {
    if (unknown.some((at) => row[at] !== plain[at] && needsQuotes(row[at] ?? '')))
      return csvStringify().stringify([[...row]], csvStyle);
    plain = row;
    return `${row.join(',')}\n`;
  };
}

/** Whether a field must be quoted in CSV. */
export function needsQuotes(text: string): boolean {
  return /^\{|[",\r\n]/.test(text);
}

function toJson(row: Row, columns: readonly Column[]): string {
  const members = columns.map(({ name, type }, at) => {
    const text = row[at] ?? '';
    const value = text === '' && name !== 'sensor' ? 'null' : type === 'number' ? text : JSON.stringify(text);
    return `${JSON.stringify(name)}:${value}`;
  });
  return `{${members.join(',')}}\n`;
}

/** Rows below their column names, aligned like `TableText`; empty for no rows. */
export function alignRows(rows: readonly Row[], columns: readonly Column[]): string {
  const table = tableOf(columns);
  table.add(rows);
  return rows.length === 0 ? '' : [...table.takeText()].join('');
}

/** A table that begins with the column names. */
function tableOf(columns: readonly Column[]): TableText {
  const table = new TableText(columns.map(({ type }) => type === 'number'));
  table.add([columns.map(({ name }) => name)]);
  return table;
}
