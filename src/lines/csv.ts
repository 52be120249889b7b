/** One CSV record, as RFC 4180 says: a quoted field may hold the delimiter, doubled quotes and line breaks. */

import { csvParse } from '../load.ts';

/** How CSV is written: a line that began with a brace would be taken for NDJSON. */
export const csvStyle = { quoted_match: /^\{/ };

/** The fields of a record; undefined when its quotes are not where they may be. */
export function splitFields(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return csvParse().parse(text, { delimiter, record_delimiter: '\n' })[0] ?? [];
  } catch {
    // Its message speaks of options of the library; the caller's says what the line is.
    return undefined;
  }
}
