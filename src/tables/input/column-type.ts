/**
 * What a column holds, as its values tell: whole numbers, decimals, times, truth values, or text.
 *
 * A value is a number only when the number says all that the text said: `007`, `+5` and `1e5` are text. A time is
 * RFC 3339 with its offset, and a truth value `true` or `false`.
 */

import { isPlainTime } from './plain-time.ts';
import { utcTime } from './utc-time.ts';

/** A `long` is a whole number of more than 15 digits that fits into 64 bits: not every decimal column can hold it. */
export type ColumnType = 'integer' | 'long' | 'decimal' | 'timestamp' | 'boolean' | 'text';

/** Those that a user names. */
export const typeNames = ['integer', 'decimal', 'timestamp', 'boolean', 'text'] as const;

/** How many digits a decimal may have in a table, and still come out as it went in. */
export interface Exactness {
  readonly digits: number;
}

const DOUBLE_DIGITS = 15;
const LONGEST_NUMBER = 1000;
const LARGEST = 9_223_372_036_854_775_807n;
const MOST_EXPONENT = 300;
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE]([+-]?\d+))?$/;
const [ZERO, NINE, MINUS] = [48, 57, 45];
const SHORTEST_TIME = 17;

/** The type of one value, which is `bytes` from `start` to `end`. */
export function typeOf(bytes: Buffer, start: number, end: number, exact: Exactness): ColumnType {
  const first = bytes[start] ?? 0;
  if (first === MINUS || (first >= ZERO && first <= NINE)) {
    if (isPlainTime(bytes, start, end)) return 'timestamp';
    return shortInteger(bytes, start, end) ? 'integer' : oddType(bytes, start, end, exact);
  }
  const length = end - start;
  if (length !== 4 && length !== 5) return 'text';
  return /^(?:true|false)$/i.test(bytes.toString('latin1', start, end)) ? 'boolean' : 'text';
}

/** The type of a number that may have an exponent, as in JSON: there it is a number whatever it looks like. */
export function numberType(text: string, exact: Exactness): ColumnType {
  const match = DECIMAL.exec(text);
  if (match === null || text.length > LONGEST_NUMBER) return 'text';
  const [mantissa = ''] = text.split(/e/i);
  const whole = !/[.eE]/.test(text) && text !== '-0';
  const digits = mantissa.replace(/^[-0.]+|\./g, '').length;
  if (whole && digits <= DOUBLE_DIGITS) return 'integer';
  if (whole && digits <= 19 && isLong(BigInt(text))) return 'long';
  const exponent = Math.abs(Number(match[1] ?? 0));
  return digits <= exact.digits && exponent <= MOST_EXPONENT ? 'decimal' : 'text';
}

/** The narrowest type that holds the values of both. */
export function widest(one: ColumnType, other: ColumnType, exact: Exactness): ColumnType {
  if (one === other) return one;
  const both = [one, other];
  if (both.every((type) => type === 'integer' || type === 'long')) return 'long';
  if (both.includes('decimal') && both.includes('integer')) return 'decimal';
  return both.includes('decimal') && both.includes('long') && exact.digits > DOUBLE_DIGITS
    ? 'decimal'
    : 'text';
}

/** Tables do not tell whole numbers by their length. */
export function sameColumn(one: ColumnType, other: ColumnType): boolean {
  return one === other || (one === 'long' && other === 'integer') || (one === 'integer' && other === 'long');
}

/** At most 15 digits, without a leading zero. */
function shortInteger(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const length = end - first;
  if (length === 0 || length > DOUBLE_DIGITS) return false;
  if (bytes[first] === ZERO) return length === 1 && first === start;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}

/** Of a value that begins as a number does, and is no short one. */
function oddType(bytes: Buffer, start: number, end: number, exact: Exactness): ColumnType {
  const length = end - start;
  if (length > LONGEST_NUMBER) return 'text';
  const text = bytes.toString('latin1', start, end);
  if (length >= SHORTEST_TIME && text[4] === '-') return utcTime(text) === undefined ? 'text' : 'timestamp';
  return /e/i.test(text) ? 'text' : numberType(text, exact);
}

function isLong(number: bigint): boolean {
  return number <= LARGEST && number >= -LARGEST - 1n;
}
