/** Formats batches as CSV, with values as they would be loaded: the output of --dry-run. */

import type { Batch } from './batch.ts';
import { isUtcTime } from './plain-time.ts';

/** The lines of each batch, with a header whenever it changes; nothing for no batches. */
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

/** Null is an empty field. Empty text is quoted, as is a leading brace: an unquoted one would make the line look like NDJSON. */
function field(text: string | undefined): string {
  if (text === undefined) return '';
  return text === '' || /^\{|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
