/** The options of load-rows that name columns. */

import { parseNames } from '../lines/csv.ts';
import { quote } from '../lines/line.ts';
import { sameColumnNames } from './input/column-names.ts';
import { type ColumnType, typeNames } from './input/column-type.ts';

/** Parses a list of column names; empty for empty text. @throws Error with a message for the user */
export function parseKey(text: string): string[] {
  const names = parseNames(text);
  checkNames(names);
  return names;
}

/**
 * Parses types by lower-case column name, from `a=text,b=decimal`; empty for empty text.
 *
 * @throws Error with a message for the user
 */
export function parseTypes(text: string): Map<string, ColumnType> {
  const types = parseNames(text).map(parseType);
  checkNames(types.map(([name]) => name));
  return new Map(types.map(([name, type]) => [name.toLowerCase(), type]));
}

function parseType(text: string): readonly [string, ColumnType] {
  const equals = text.lastIndexOf('=');
  const type = typeNames.find((name) => name === text.slice(equals + 1));
  if (equals < 1 || type === undefined)
    throw new Error(`not COLUMN=TYPE, where TYPE is ${typeNames.join(', ')}: ${quote(text)}`);
  return [text.slice(0, equals), type];
}

function checkNames(names: readonly string[]): void {
  const [one, other] = sameColumnNames(names) ?? [];
  if (one === undefined || other === undefined) return;
  if (one === other) throw new Error(`named twice: ${quote(one)}`);
  throw new Error(`names of one column differ only in case: ${quote(one)}, ${quote(other)}`);
}
