/**
 * The one spelling of a number, a time or a truth value in a column of text: it is the same whether the column was text
 * when the value came, or became text later.
 */

import { type ColumnType, SHORTEST_TIME, typeOf } from './column-type.ts';
import { plainNumber } from './plain-number.ts';
import { isUtcTime } from './plain-time.ts';
import { utcTime } from './utc-time.ts';

const [ZERO, NINE, MINUS] = [48, 57, 45];
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

/** The spelling of a field from `start` to `end`; undefined when it is spelled like that. */
export function respelled(
  bytes: Buffer,
  start: number,
  end: number,
  decimalDigits: number,
): string | undefined {
  if (!maybeOdd(bytes, start, end)) return undefined;
  const type = typeOf(bytes, start, end, decimalDigits);
  if (type === 'text') return undefined;
  const text = bytes.toString('latin1', start, end);
  const right = spelled(text, type);
  return right === text ? undefined : right;
}

/** Whether a field is a number with a last zero, a time, or a truth value, as far as its first and last bytes tell. */
function maybeOdd(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  const length = end - start;
  if (first === MINUS || (first >= ZERO && first <= NINE)) {
    if (length >= SHORTEST_TIME && bytes[start + 4] === MINUS) return !isUtcTime(bytes, start, end);
    return bytes[end - 1] === ZERO;
  }
  const letter = first | LOWER;
  return (length === 4 || length === 5) && (letter === LOWER_T || letter === LOWER_F);
}
