/** One CSV record, as RFC 4180 says: a quoted field may hold the delimiter, doubled quotes and line breaks. */

import { csvParse } from '../load.ts';
import { quote } from './line.ts';

/** How csv-stringify is to write: in quotes also a field with which the line would be taken for NDJSON. */
export const csvStyle = { quoted_match: /^\{/ };

/** The fields of a record, one for empty text; undefined when a quote is out of place. */
export function splitFields(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return csvParse().parse(text, { delimiter, record_delimiter: '\n' })[0] ?? [];
  } catch {
    // Its message speaks of options of the library; the caller's says what the line is.
    return undefined;
  }
}

/** Column names separated by commas, quoted as in CSV; empty text gives none. @throws Error with a message for the user */
export function parseNames(text: string): string[] {
  if (text === '') return [];
  const names = splitFields(text, ',');
  if (names === undefined || names.includes('')) throw new Error(`not column names: ${quote(text)}`);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`named twice: ${quote(twice)}`);
  return names;
}

/** The character that an option names, where `\t` is a tab. @throws Error unless it is one, other than a quote or line break */
export function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new Error(`not one character, other than a quote: ${quote(text)}`);
}

/** What parseDelimiter takes, for readers of bytes: its ASCII code. @throws Error for other characters, too */
export function parseDelimiterByte(text: string): number {
  const code = parseDelimiter(text).charCodeAt(0);
  if (code > 127) throw new Error(`not an ASCII character: ${quote(text)}`);
  return code;
}
