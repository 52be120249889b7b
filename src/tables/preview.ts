/** Batches as CSV, as they would be loaded. */

import type { Batch } from './batch.ts';
import { isUtcTime } from './plain-time.ts';
import { toUtc } from './utc-time.ts';

export class Preview {
  #header = '';

  /** With a header where it differs from the one before. */
  format(batch: Batch): string {
    batch.undouble();
    toUtc(batch, isUtcTime);
    const header = `${batch.columns.map(({ name }) => field(name)).join(',')}\n`;
    const lines = header === this.#header ? [] : [header];
    this.#header = header;
    for (let row = 0; row < batch.rows; row++)
      lines.push(`${batch.columns.map((_, at) => field(batch.text(row, at))).join(',')}\n`);
    return lines.join('');
  }
}

/** Nothing is null; a line that began with a brace would be taken for NDJSON. */
function field(text: string | undefined): string {
  if (text === undefined) return '';
  return text === '' || /^\{|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
