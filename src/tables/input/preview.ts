/** Batches as CSV, as they would be loaded. */

import type { Batch } from './batch.ts';
import { isUtcTime } from './plain-time.ts';
import { toUtc } from './utc-time.ts';

/** With a header where it differs from the one before. */
export async function* previews(batches: AsyncIterable<Batch>): AsyncGenerator<string> {
  let known = '';
  for await (const batch of batches) {
    batch.undouble();
    toUtc(batch, isUtcTime);
    const header = line(batch.columns.map(({ name }) => name));
    if (header !== known) yield header;
    known = header;
    yield lines(batch).join('');
  }
}

function lines(batch: Batch): string[] {
  return Array.from({ length: batch.rows }, (_, row) =>
    line(batch.columns.map((_, at) => batch.text(row, at))),
  );
}

function line(fields: readonly (string | undefined)[]): string {
  return `${fields.map(field).join(',')}\n`;
}

/** Nothing is null; a line that began with a brace would be taken for NDJSON. */
function field(text: string | undefined): string {
  if (text === undefined) return '';
  return text === '' || /^\{|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
