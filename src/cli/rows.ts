/**
 * Rows out: CSV with a header (csv-stringify), NDJSON, or aligned columns for people.
 *
 * A row is text by column name; a column is the same for all rows. Numbers keep their digits in every format.
 */

import { csvStringify } from '../load.ts';
import { csvStyle } from '../readings/fields.ts';
import type { Options } from './tool.ts';

export type RowFormat = 'csv' | 'json' | 'table';

export const rowOptions = {
  json: { type: 'flag', describe: 'rows as JSON, one per line' },
  table: { type: 'flag', describe: 'rows as aligned columns for people' },
} as const satisfies Options;

export function rowFormat(options: { readonly json: boolean; readonly table: boolean }): RowFormat {
  return options.table ? 'table' : options.json ? 'json' : 'csv';
}

export interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
}

export type Row = readonly string[];

/** Formats the rows as they come, the header before the first one; without rows there is no header either. */
export async function* formatRows(
  batches: AsyncIterable<Row[]>,
  columns: readonly Column[],
  format: RowFormat,
): AsyncGenerator<string> {
  if (format === 'table') {
    const all: Row[] = [];
    for await (const rows of batches) for (const row of rows) all.push(row);
    if (all.length > 0) yield alignColumns(all, columns);
    return;
  }
  let header = format === 'csv';
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    if (header) yield toCsv(columns.map(({ name }) => name));
    header = false;
    yield rows.map((row) => (format === 'csv' ? toCsv(row) : toJson(row, columns))).join('');
  }
}

/** Only a row with a field that must be quoted, as hardly any has, is worth the time of csv-stringify. */
function toCsv(row: Row): string {
  return row.some(mustBeQuoted) ? csvStringify().stringify([[...row]], csvStyle) : `${row.join(',')}\n`;
}

function mustBeQuoted(field: string): boolean {
  return /^\{|[",\r\n]/.test(field);
}

function toJson(row: Row, columns: readonly Column[]): string {
  const members = columns.map(({ name, type }, at) => {
    const text = row[at] ?? '';
    const value =
      text === '' && (type === 'number' || name !== 'sensor')
        ? 'null'
        : type === 'number'
          ? text
          : JSON.stringify(text);
    return `${JSON.stringify(name)}:${value}`;
  });
  return `{${members.join(',')}}\n`;
}

/** Numbers to the right, text to the left. */
function alignColumns(rows: readonly Row[], columns: readonly Column[]): string {
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

/** A sensor's name must not move the cursor of the terminal it is shown on. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
