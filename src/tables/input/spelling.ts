/**
 * The one spelling of a number, a time or a truth value in a column of text: it is the same whether the column was text
 * when the value came, or became text later.
 */

import { type Batch, NULL } from './batch.ts';
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

/** Gives the values of a column of text their spelling. Most columns have none that must change, which their bytes tell. */
export function spellColumn(batch: Batch, column: number, decimalDigits: number): void {
  if (!mayHaveOdd(batch, column)) return;
  batch.rewrite(column, (start, end) => respelled(batch.bytes, start, end, decimalDigits));
}

function mayHaveOdd({ bytes, starts, ends, names, rows }: Batch, column: number): boolean {
  const width = names.length;
  for (let at = column; at < rows * width; at += width) {
    const start = starts[at] ?? NULL;
    if (start === NULL) continue;
    const first = bytes[start] ?? 0;
    const mayBe = first <= NINE ? first >= ZERO || first === MINUS : isInitial(first);
    if (mayBe && isMaybeOdd(bytes, start, ends[at] ?? 0)) return true;
  }
  return false;
}

/** The spelling of a field from `start` to `end`; undefined when it is spelled like that. */
function respelled(bytes: Buffer, start: number, end: number, decimalDigits: number): string | undefined {
  if (!isMaybeOdd(bytes, start, end)) return undefined;
  const type = typeOf(bytes, start, end, decimalDigits);
  if (!hasSpelling(type)) return undefined;
  const text = bytes.toString('latin1', start, end);
  const right = spelled(text, type);
  return right === text ? undefined : right;
}

/** Whether a field may be a decimal with a last zero, a time that is not in UTC to the second, or a truth value. */
function isMaybeOdd(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  const length = end - start;
  if (first !== MINUS && (first < ZERO || first > NINE))
    return (length === 4 || length === 5) && isInitial(first);
  if (length >= SHORTEST_TIME && bytes[start + 4] === MINUS) return !isUtcTime(bytes, start, end);
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
