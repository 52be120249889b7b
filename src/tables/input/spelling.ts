/**
 * The canonical spelling of numbers, timestamps and booleans in a text column: the same whether the column was text when the
 * value came, or became text later.
 */

import type { Batch } from './batch.ts';
import { type ColumnType, SHORTEST_TIME, typeOf } from './column-type.ts';
import { plainNumber } from './plain-number.ts';
import { isUtcTime } from './plain-time.ts';
import { utcTime } from './utc-time.ts';

const [ZERO, NINE, MINUS, POINT] = [48, 57, 45, 46];
const [LOWER, LOWER_F, LOWER_T] = [32, 102, 116];

/** The canonical spelling of a value of this type: 1.5 for 1.50, UTC for other offsets, true for TRUE; other text unchanged. */
export function spelled(text: string, type: ColumnType): string {
  if (type === 'decimal') return plainNumber(text);
  if (type === 'timestamp') return utcTime(text) ?? text;
  return type === 'boolean' ? text.toLowerCase() : text;
}

/** Whether values of this type have several spellings. */
export function hasSpelling(type: ColumnType): boolean {
  return type === 'decimal' || type === 'timestamp' || type === 'boolean';
}

/** Respells the values of a text column. */
export function spellColumn(batch: Batch, column: number, decimalDigits: number): void {
  batch.rewrite(column, (start, end) => respelled(batch.bytes, start, end, decimalDigits));
}

/** The canonical spelling of a field from `start` to `end`; undefined if it already has it. */
function respelled(bytes: Buffer, start: number, end: number, decimalDigits: number): string | undefined {
  if (!mayBeOdd(bytes, start, end)) return undefined;
  const type = typeOf(bytes, start, end, decimalDigits);
  if (!hasSpelling(type)) return undefined;
  const text = bytes.toString('latin1', start, end);
  const right = spelled(text, type);
  return right === text ? undefined : right;
}

/**
 * A cheap test whether a field may need respelling: a decimal with a trailing zero, a timestamp that is not in UTC with
 * whole seconds, a boolean.
 */
export function mayBeOdd(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  if (first > NINE) return isInitial(first) && (end - start === 4 || end - start === 5);
  if (first !== MINUS && first < ZERO) return false;
  if (end - start >= SHORTEST_TIME && bytes[start + 4] === MINUS) return !isUtcTime(bytes, start, end);
  return bytes[end - 1] === ZERO && isDigits(bytes, start + 1, end);
}

/** Whether the bytes are digits with at most one point. */
function isDigits(bytes: Buffer, start: number, end: number): boolean {
  let points = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === POINT) points++;
    else if (byte < ZERO || byte > NINE) return false;
  }
  return points <= 1;
}

/** The first letter of `true` or `false`, in either case. */
function isInitial(byte: number): boolean {
  const letter = byte | LOWER;
  return letter === LOWER_T || letter === LOWER_F;
}
