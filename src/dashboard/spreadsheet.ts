/**
 * Prevents CSV injection: a spreadsheet runs a cell as a formula if it begins with certain characters, whoever wrote it. An
 * apostrophe before it makes it text. Numbers, which may begin with a minus sign, stay numbers.
 */

import type { Column, Row } from '../lines/format-rows.ts';

/** As OWASP lists them; the last four are full-width forms. */
const BEGINS_FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The rows with an apostrophe before each cell that would be a formula. */
export async function* harmlessRows(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
  for await (const rows of batches) yield rows.map((row) => row.map(harmless));
}

/** The column, with a name that is no formula. */
export function harmlessColumn(column: Column): Column {
  return { ...column, name: harmless(column.name) };
}

function harmless(text: string): string {
  return BEGINS_FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
