/** Shows stats rows as they would be loaded. */

import { type Column, formatRows, type Row, type RowFormat } from '../lines/format-rows.ts';
import { columnNames, rowFields, type StatsRow, statsColumns } from './stats-row.ts';

/** The rows, formatted; no rows give no text. A change of the further columns starts a new header. */
export async function* previewRows(
  rows: AsyncGenerator<StatsRow[]>,
  format: RowFormat,
): AsyncGenerator<string> {
  let next = await rows.next();
  while (!next.done) {
    const columns = previewColumns(next.value);
    const alike = async function* (): AsyncGenerator<Row[]> {
      for (; !next.done && sameColumns(previewColumns(next.value), columns); next = await rows.next())
        yield next.value.map((row) =>
          rowFields(
            row,
            columns.map(({ name }) => name),
          ),
        );
    };
    yield* formatRows(alike(), columns, format);
  }
}

function previewColumns(rows: readonly StatsRow[]): Column[] {
  const further = columnNames(rows).slice(statsColumns.length);
  return [...statsColumns, ...further.map((name) => ({ name, type: 'text' as const }))];
}

function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a.length === b.length && a.every(({ name }, at) => name === b[at]?.name);
}
