/**
 * The one spelling of a number, a time or a truth value in a column of text: it is the same whether the column was text
 * when the value came, or became text later.
 */

import type { Batch } from './batch.ts';
import { type ColumnType, SHORTEST_TIME, typeOf } from './column-type.ts';
import { plainNumber } from './plain-number.ts';
import { isUtcTime } from './plain-time.ts';
import { utcTime } from './utc-time.ts';

const [ZERO, NINE, MINUS, POINT] = [48, 57, 45, 46];
const [LOWER, LOWER_F, LOWER_T] = [32, 102, 116];

/** The spelling of a value of this type: 1.5 for 1.50, UTC for another offset, true for TRUE; other text as it is. */
export function spelled(text: string, type: ColumnType): string {
  if (type === 'decimal') return plainNumber(text);
  if (type === 'timestamp') return utcTime(text) ?? text;
  return type === 'boolean' ? text.toLowerCase() : text;
}

/** Whether values of this type may be spelled in several ways. */
export function hasSpelling(type: ColumnType): boolean {
  return type === 'decimal' || type === 'timestamp' || type === 'boolean';
}

/** Gives the values of a column of text their spelling. */
export function spellColumn(batch: Batch, column: number, decimalDigits: number): void {
  batch.rewrite(column, (start, end) => respelled(batch.bytes, start, end, decimalDigits));
}

/** The spelling of a field from `start` to `end`; undefined when it is spelled like that. */
function respelled(bytes: Buffer, start: number, end: number, decimalDigits: number): string | undefined {
  if (!mayBeOdd(bytes, start, end)) return undefined;
  const type = typeOf(bytes, start, end, decimalDigits);
  if (!hasSpelling(type)) return undefined;
  const text = bytes.toString('latin1', start, end);
  const right = spelled(text, type);
  return right === text ? undefined : right;
}

/**
 * Whether a field may have another spelling, as far as its bytes tell at once: a decimal with a last zero, a time that is
 * not in UTC to the second, a truth value.
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

/** That of `true` or `false`, in any case. */
function isInitial(byte: number): boolean {
  const letter = byte | LOWER;
  return letter === LOWER_T || letter === LOWER_F;
}
