/**
 * Converts the members of a JSON object to column values.
 *
 * Numbers keep their digits. A JSON string is a timestamp or text, never a number. Nested values become JSON text.
 */

import { parseJson } from '../../lines/json.ts';
import { quote, type Rejection } from '../../lines/line.ts';
import { badText } from '../../lines/text.ts';
import { losslessJson } from '../../load.ts';
import { type ColumnType, numberType, typeOf } from './column-type.ts';
import type { Column, Schema } from './schema.ts';
import { utcTime } from './utc-time.ts';

/** A value other than null. */
export interface Value {
  readonly text: string;
  readonly type: ColumnType;
}

interface JsonObject {
  readonly names: readonly string[];
  /** Nested values are already text. */
  readonly members: Record<string, unknown>;
  /** Whether it may contain characters that text must not have. */
  readonly mayHoldAnything: boolean;
}

/** Parses the object on a line, or says why the line is rejected. */
export function parseObject(line: string): JsonObject | { readonly rejection: Rejection } {
  const rejected = (kind: string, detail: string) => ({ rejection: { kind, detail } });
  const parsed = /^\s*\{/.test(line) ? parseJson(line) : undefined;
  if (parsed?.hasMemberTwice)
    return rejected('with a repeated member', `a member is repeated: ${quote(line.trim())}`);
  if (parsed !== undefined)
    try {
      // Text that begins with a brace parses to an object.
      const members = parsed.value as Record<string, unknown>;
      const names = Object.keys(members);
      for (const name of names)
        if (isNested(members[name])) members[name] = losslessJson().stringify(members[name]);
      if (names.length === 0) return rejected('with other columns', 'object has no members');
      return { names, members, mayHoldAnything: line.includes('\\u') };
    } catch {
      // Too deeply nested to stringify.
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

/** A string is a timestamp or text; it may be a number only for a column that cannot become text. */
function textType(text: string, column: Column | undefined, schema: Schema): ColumnType {
  if (column === undefined || column.type === 'text' || schema.canWiden(column))
    return utcTime(text) === undefined ? 'text' : 'timestamp';
  const bytes = Buffer.from(text);
  return typeOf(bytes, 0, bytes.length, schema.limits.decimalDigits);
}

/** Why a name or value cannot be text; undefined if all can. */
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
