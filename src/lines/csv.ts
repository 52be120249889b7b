/**
 * CSV records as of RFC 4180 (a quoted field may hold the delimiter, doubled quotes and line breaks), and the variants of
 * CSV found in the wild.
 */

import { csvParse } from '../load.ts';
import { quote, type Rejection } from './line.ts';

/** How csv-stringify writes: it also quotes a field that would make the line look like NDJSON. */
export const csvStyle = { quoted_match: /^\{/ };

/** How CSV is written. */
export interface CsvForm {
  /** One character. */
  readonly delimiter: string;
  /** Whether a run of delimiters counts as one, and is ignored at the ends of a line. */
  readonly mergesDelimiters?: boolean;
  /** Whether the first line may be a header; true by default. */
  readonly mayHaveHeader?: boolean;
  /** The prefix of lines that are comments; undefined for none. */
  readonly comment?: string | undefined;
}

/** The fields of a record, one for empty text; undefined if a quote is out of place. */
export function splitFields(text: string, delimiter: string, mergesDelimiters = false): string[] | undefined {
  if (mergesDelimiters) return splitFields(merged(text, delimiter), delimiter);
  if (!text.includes('"')) return text.split(delimiter);
  try {
    const records = csvParse().parse(text, { delimiter, record_delimiter: '\n' });
    return records.length > 1 ? undefined : (records[0] ?? []);
  } catch {
    // The library's message refers to its own options; the caller's describes the line.
    return undefined;
  }
}

/** The rejection of a line that `splitFields` cannot split. */
export function unmatchedQuotes(text: string): Rejection {
  const hint = /^\[\s*\{/.test(text) ? ` (a JSON array? jq -c '.[]' turns it into lines)` : '';
  return { kind: 'malformed', detail: `quotes do not match: ${quote(text)}${hint}` };
}

/** A record with a single delimiter between fields. */
function merged(text: string, delimiter: string): string {
  const escaped = delimiter.replace(/[$()*+.?[\\\]^{|}]/u, '\\$&');
  return text
    .replace(new RegExp(`"(?:[^"]|"")*"|(?:${escaped})+`, 'gu'), (found) =>
      found.startsWith('"') ? found : delimiter,
    )
    .replace(new RegExp(`^${escaped}|${escaped}$`, 'gu'), '');
}

/**
 * Texts separated by commas, quoted as in CSV; surrounding blanks are trimmed, and none may be empty.
 *
 * @param what they are, for the message @throws Error with a message for the user
 */
export function parseTexts(text: string, what: string): string[] {
  const texts = splitFields(text, ',')?.map((one) => one.trim());
  if (texts === undefined || texts.includes('')) throw new Error(`not ${what}: ${quote(text)}`);
  return texts;
}

/** Column names, at least one and no duplicates, read like `parseTexts`. @throws Error with a message for the user */
export function parseColumns(text: string): string[] {
  const names = parseTexts(text, 'column names');
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`named twice: ${quote(twice)}`);
  return names;
}

/** Like `parseColumns`, but empty text gives none. @throws Error with a message for the user */
export function parseNames(text: string): string[] {
  return text === '' ? [] : parseColumns(text);
}

/** The character that an option names; `\t` is a tab. @throws Error for a quote, a line ending, and what numbers contain */
export function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if (/^[^"\r\n\d+\-.\u2212]$/u.test(delimiter)) return delimiter;
  throw new Error(`not one character, other than a quote, a digit, a sign and a point: ${quote(text)}`);
}

/** The prefix of comment lines. @throws Error with a message for the user */
export function parseComment(text: string): string {
  if (text !== '' && !/[\r\n]/.test(text)) return text;
  throw new Error(`expected text in one line, not ${quote(text)}`);
}
