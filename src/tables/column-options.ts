/** What the options of load-rows say about columns. */

import { splitFields } from '../lines/csv.ts';
import { quote } from '../lines/line.ts';
import { type ColumnType, typeNames } from './input/column-type.ts';

/** Names with commas between them; one that has a comma itself is quoted, as in CSV. @throws Error */
export function parseNames(text: string): string[] {
  if (text === '') return [];
  const names = splitFields(text, ',');
  if (names === undefined || names.includes('')) throw new Error(`not names of columns: ${quote(text)}`);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`named twice: ${quote(twice)}`);
  return names;
}

/** Types by the names of columns. @throws Error */
export function parseTypes(text: string): Map<string, ColumnType> {
  return new Map(
    parseNames(text).map((word) => {
      const equals = word.lastIndexOf('=');
      const type = typeNames.find((name) => name === word.slice(equals + 1));
      if (equals < 1 || type === undefined)
        throw new Error(`not COLUMN=TYPE, where TYPE is ${typeNames.join(', ')}: ${quote(word)}`);
      return [word.slice(0, equals), type];
    }),
  );
}

/** One byte. @throws Error */
export function parseDelimiter(text: string): number {
  const code = text === '\\t' ? 9 : text.charCodeAt(0);
  const isOne = (text.length === 1 && code < 128) || text === '\\t';
  if (isOne && !/["\r\n]/.test(text)) return code;
  throw new Error(`not one character, other than a quote: ${quote(text)}`);
}
