/**
 * Cells that a spreadsheet takes for text: it runs a cell as a formula that begins with one of some signs, whoever has
 * written it. An apostrophe before it makes it text. Numbers, which may begin with a minus sign, stay numbers.
 */

import type { Column, Row } from '../lines/format-rows.ts';

/** As OWASP lists them; the last four are those of East Asian keyboards. */
const BEGINS_FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The rows with an apostrophe before each cell that would be a formula. */
export async function* harmlessRows(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
  for await (const rows of batches) yield rows.map((row) => row.map(harmless));
}

/** The column under a name that is no formula. */
export function harmlessColumn(column: Column): Column {
  return { ...column, name: harmless(column.name) };
}

function harmless(text: string): string {
  return BEGINS_FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
