/** Batches as CSV, with their values as they would be loaded: the output of --dry-run. */

import type { Batch } from './batch.ts';
import { isUtcTime } from './plain-time.ts';

/** The lines of each batch, after a header where it differs from the header before; nothing for no batches. */
export async function* previews(batches: AsyncIterable<Batch>): AsyncGenerator<string> {
  let known = '';
  for await (const batch of batches) {
    batch.undouble();
    batch.toUtc(isUtcTime);
    const header = line(batch.names);
    if (header !== known) yield header;
    known = header;
    yield lines(batch).join('');
  }
}

function lines(batch: Batch): string[] {
  return Array.from({ length: batch.rows }, (_, row) =>
    line(batch.names.map((_, at) => batch.text(row, at))),
  );
}

function line(fields: readonly (string | undefined)[]): string {
  return `${fields.map(field).join(',')}\n`;
}

/** Null is empty, and empty text is quoted; so is a brace, since a line that began with it would be taken for NDJSON. */
function field(text: string | undefined): string {
  if (text === undefined) return '';
  return text === '' || /^\{|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
