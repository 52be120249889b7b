/**
 * One CSV record, as RFC 4180 says: a quoted field may hold the delimiter, doubled quotes and line breaks; and what else
 * there is to know of CSV that others have written.
 */

import { csvParse } from '../load.ts';
import { quote, type Rejection } from './line.ts';

/** How csv-stringify is to write: in quotes also a field with which the line would be taken for NDJSON. */
export const csvStyle = { quoted_match: /^\{/ };

/** How CSV is written. */
export interface CsvForm {
  /** One character. */
  readonly delimiter: string;
  /** Whether several delimiters count as one, and those at the ends of a line as none. */
  readonly mergesDelimiters?: boolean;
  /** Whether the first line may be a header; true by default. */
  readonly mayHaveHeader?: boolean;
  /** What a line begins with that is no record; undefined for none. */
  readonly comment?: string | undefined;
}

/** The fields of a record, one for empty text; undefined when a quote is out of place. */
export function splitFields(text: string, delimiter: string, mergesDelimiters = false): string[] | undefined {
  if (mergesDelimiters) return splitFields(merged(text, delimiter), delimiter);
  if (!text.includes('"')) return text.split(delimiter);
  try {
    const records = csvParse().parse(text, { delimiter, record_delimiter: '\n' });
    return records.length > 1 ? undefined : (records[0] ?? []);
  } catch {
    // Its message speaks of options of the library; the caller's says what the line is.
    return undefined;
  }
}

/** The rejection of a line that `splitFields` cannot split. */
export function unmatchedQuotes(text: string): Rejection {
  const hint = /^\[\s*\{/.test(text) ? ` (a JSON array? jq -c '.[]' makes lines of it)` : '';
  return { kind: 'malformed', detail: `quotes do not match: ${quote(text)}${hint}` };
}

/** A record with one delimiter between two fields. */
function merged(text: string, delimiter: string): string {
  const escaped = delimiter.replace(/[$()*+.?[\\\]^{|}]/u, '\\$&');
  return text
    .replace(new RegExp(`"(?:[^"]|"")*"|(?:${escaped})+`, 'gu'), (found) =>
      found.startsWith('"') ? found : delimiter,
    )
    .replace(new RegExp(`^${escaped}|${escaped}$`, 'gu'), '');
}

/**
 * Texts separated by commas, quoted as in CSV; blanks around one are no part of it, and none is empty.
 *
 * @param what they are, for the message @throws Error with a message for the user
 */
export function parseTexts(text: string, what: string): string[] {
  const texts = splitFields(text, ',')?.map((one) => one.trim());
  if (texts === undefined || texts.includes('')) throw new Error(`not ${what}: ${quote(text)}`);
  return texts;
}

/** Names of columns, at least one and each once, as `parseTexts` reads them. @throws Error with a message for the user */
export function parseColumns(text: string): string[] {
  const names = parseTexts(text, 'column names');
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`named twice: ${quote(twice)}`);
  return names;
}

/** The same, where there may be none: empty text. @throws Error with a message for the user */
export function parseNames(text: string): string[] {
  return text === '' ? [] : parseColumns(text);
}

/** The character that an option names, where `\t` is a tab. @throws Error unless it is one that is in no number or record by itself */
export function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if (/^[^"\r\n\d+\-.\u2212]$/u.test(delimiter)) return delimiter;
  throw new Error(`not one character, other than a quote, a digit, a sign and a point: ${quote(text)}`);
}

/** What lines that are no records begin with. @throws Error with a message for the user */
export function parseComment(text: string): string {
  if (text !== '' && !/[\r\n]/.test(text)) return text;
  throw new Error(`not how a line may begin: ${quote(text)}`);
}
