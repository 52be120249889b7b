/**
 * The members of a JSON object as values for columns.
 *
 * Numbers keep their digits. Text in JSON is a time or text, never a number. Nested values become JSON text.
 */

import { parseJson } from '../../lines/json.ts';
import { quote, type Rejection } from '../../lines/line.ts';
import { badText } from '../../lines/text.ts';
import { losslessJson } from '../../load.ts';
import { type ColumnType, numberType, typeOf } from './column-type.ts';
import type { Column, Schema } from './schema.ts';
import { utcTime } from './utc-time.ts';

/** A member that is not null. */
export interface Value {
  readonly text: string;
  readonly type: ColumnType;
}

interface JsonObject {
  readonly names: readonly string[];
  /** Nested values are text. */
  readonly members: Record<string, unknown>;
  /** Whether it may hold characters that no text may have. */
  readonly mayHoldAnything: boolean;
}

/** The object on a line, or why the line is rejected. */
export function parseObject(line: string): JsonObject | { readonly rejection: Rejection } {
  const rejected = (kind: string, detail: string) => ({ rejection: { kind, detail } });
  const parsed = /^\s*\{/.test(line) ? parseJson(line) : undefined;
  if (parsed?.hasMemberTwice)
    return rejected('with a repeated member', `a member is repeated: ${quote(line.trim())}`);
  if (parsed !== undefined)
    try {
      // JSON that begins with a brace is an object.
      const members = parsed.value as Record<string, unknown>;
      const names = Object.keys(members);
      for (const name of names)
        if (isNested(members[name])) members[name] = losslessJson().stringify(members[name]);
      if (names.length === 0) return rejected('with other columns', 'object has no members');
      return { names, members, mayHoldAnything: line.includes('\\u') };
    } catch {
      // Nested too deeply to be written again.
    }
  return rejected('not JSON', `not a JSON object: ${quote(line.trim())}`);
}

/** The value of a member that is not nested, for a column if there is one yet; undefined for null. */
export function valueIn(value: unknown, column: Column | undefined, schema: Schema): Value | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return { text: value, type: textType(value, column, schema) };
  if (typeof value === 'boolean') return { text: String(value), type: 'boolean' };
  const text = String(value);
  return { text, type: numberType(text, schema.limits.decimalDigits) };
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !losslessJson().isLosslessNumber(value);
}

/** Text is a time or text; it may be a number only for a column that cannot become text. */
function textType(text: string, column: Column | undefined, schema: Schema): ColumnType {
  if (column === undefined || column.type === 'text' || schema.canWiden(column))
    return utcTime(text) === undefined ? 'text' : 'timestamp';
  const bytes = Buffer.from(text);
  return typeOf(bytes, 0, bytes.length, schema.limits.decimalDigits);
}

/** Why one of the names or values cannot be text; undefined when all can. */
export function textProblem(
  names: readonly string[],
  values: readonly (Value | undefined)[],
): Rejection | undefined {
  for (const [at, name] of names.entries()) {
    const rejection = badText('a name', name) ?? badText(quote(name), values[at]?.text ?? '');
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}
