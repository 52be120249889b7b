/**
 * Formats rows: CSV with a header (csv-stringify), NDJSON, or aligned columns for people.
 *
 * A row is text by column name; a column is the same for all rows. Numbers keep their digits in every format.
 */

import { csvStringify } from '../load.ts';
import { csvStyle } from './csv.ts';

/** `table` is for people: it needs all rows before the first is shown. */
export type RowFormat = 'csv' | 'json' | 'table';

/** A column of the output. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
  /** Whether it is known that no value in it needs quotes; a value from outside may. */
  readonly isPlain?: boolean;
}

/** The values of a row, in the order of the columns. */
export type Row = readonly string[];

/**
 * Formats rows as they come, with a header before the first; no rows give no text. A batch may be the text of rows that
 * were written elsewhere, in the same format, if that is not `table`.
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
  if (format === 'table') {
    const all: Row[] = [];
    for await (const rows of batches) if (Array.isArray(rows)) for (const row of rows) all.push(row);
    yield alignRows(all, columns);
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

/** Leaves to csv-stringify only rows with a field that needs quotes, which are few: it takes longer. */
function csvWriter(columns: readonly Column[]): (row: Row) => string {
  const unknown = columns.flatMap(({ isPlain }, at) => (isPlain ? [] : [at]));
  // Names are mostly those of the row before.
  let plain: Row = [];
  return (row) => {
    if (unknown.some((at) => row[at] !== plain[at] && needsQuotes(row[at] ?? '')))
      return csvStringify().stringify([[...row]], csvStyle);
    plain = row;
    return `${row.join(',')}\n`;
  };
}

/** Whether a field of CSV needs quotes. */
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

/** Rows below the names of their columns, numbers aligned to the right, and text to the left; empty for no rows. */
export function alignRows(rows: readonly Row[], columns: readonly Column[]): string {
  if (rows.length === 0) return '';
  const cells = [
    columns.map(({ name }) => name),
    ...rows.map((row) => columns.map((_, at) => printable(row[at] ?? ''))),
  ];
  const widths = columns.map((_, at) =>
    cells.reduce((most, line) => Math.max(most, [...(line[at] ?? '')].length), 0),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.type === 'number'))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function pad(cell: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(width - [...cell].length);
  return right ? blanks + cell : cell + blanks;
}

/** Text without control characters: a sensor's name must not move the cursor of a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
