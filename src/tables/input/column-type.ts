/**
 * The type of a column, as its values show it: whole numbers, decimals, times, truth values, or text.
 *
 * A value is a number only when the number says all that the text said: `007`, `+5` and `1e5` are text. A time is
 * RFC 3339 with its offset, and a truth value `true` or `false`.
 */

import { plainNumber } from './plain-number.ts';
import { isPlainTime } from './plain-time.ts';
import { utcTime } from './utc-time.ts';

/**
 * `empty` is the type of a column without values. A `long` is a whole number of more than 15 digits that fits into 64
 * bits: not every decimal column can hold it. `text` holds all values, each with one spelling for the same number, time
 * or truth value, so that it does not matter which of them came before the column was text; `verbatim` is text as it came.
 */
export type ColumnType =
  | 'empty'
  | 'integer'
  | 'long'
  | 'decimal'
  | 'timestamp'
  | 'boolean'
  | 'text'
  | 'verbatim';

/** The types that a user can name: text is then verbatim. */
export const typeNames = ['integer', 'decimal', 'timestamp', 'boolean', 'text'] as const;

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** What a kind of database can hold. */
export interface TableLimits {
  /** Digits that a decimal keeps. */
  readonly decimalDigits: number;
  /** Columns of a table. */
  readonly columns: number;
  /** Bytes of a column's name. */
  readonly nameBytes: number;
  /** Whether a column's type can be changed: otherwise a row with a later value that does not fit is rejected. */
  readonly widens: boolean;
}

/** What happens to a value that does not fit its column: a wider type for the column, or no row. */
export type OnMismatch = 'widen' | 'reject';

/** Decimal digits that a double always keeps; of numbers printed from doubles it keeps up to 17. */
export const DOUBLE_DIGITS = 15;
const MOST_DOUBLE_DIGITS = 17;
const LONGEST_NUMBER = 1000;
const LARGEST = 9_223_372_036_854_775_807n;
const MOST_EXPONENT = 300;
const [SMALLEST, GREATEST] = [1e-300, 1e301];
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE]([+-]?\d+))?$/;
const [ZERO, NINE, MINUS, POINT] = [48, 57, 45, 46];
const [LOWER, LOWER_T, LOWER_F] = [32, 116, 102];
/** Characters of the shortest time, which has no seconds. */
export const SHORTEST_TIME = 17;

/**
 * The narrowest type that holds the UTF-8 text from `start` to `end`; empty text is text.
 *
 * @param decimalDigits digits that a decimal of the table keeps
 */
export function typeOf(bytes: Buffer, start: number, end: number, decimalDigits: number): ColumnType {
  const first = bytes[start] ?? 0;
  if (first === MINUS || (first >= ZERO && first <= NINE)) {
    if (isPlainTime(bytes, start, end)) return 'timestamp';
    return shortNumber(bytes, start, end) ?? rareType(bytes, start, end, decimalDigits);
  }
  return isBoolean(bytes, start, end) ? 'boolean' : 'text';
}

/** The type of a number as JSON writes it, also with an exponent; text for one that no table keeps. */
export function numberType(text: string, decimalDigits: number): ColumnType {
  const match = text.length > LONGEST_NUMBER ? null : NUMBER.exec(text);
  if (match === null) return 'text';
  const [mantissa = ''] = text.split(/e/i);
  const isWhole = !/[.eE]/.test(text) && text !== '-0';
  const digits = mantissa.replace(/^[-0.]+|\./g, '').length;
  if (isWhole && digits <= DOUBLE_DIGITS) return 'integer';
  if (isWhole && digits <= 19 && isLong(BigInt(text))) return 'long';
  if (Math.abs(Number(match[1] ?? 0)) > MOST_EXPONENT) return 'text';
  if (decimalDigits > DOUBLE_DIGITS) return digits <= decimalDigits ? 'decimal' : 'text';
  return digits === 0 || isDouble(text, digits) ? 'decimal' : 'text';
}

/** The narrowest type that holds the values of both. */
export function widest(one: ColumnType, other: ColumnType, decimalDigits: number): ColumnType {
  if (one === other || other === 'empty') return one;
  if (one === 'empty') return other;
  const both = [one, other];
  if (both.includes('verbatim')) return 'verbatim';
  if (both.every((type) => type === 'integer' || type === 'long')) return 'long';
  if (both.includes('decimal') && both.includes('integer')) return 'decimal';
  return both.includes('decimal') && both.includes('long') && decimalDigits > DOUBLE_DIGITS
    ? 'decimal'
    : 'text';
}

/** Whether a table declares both the same: it has one type for whole numbers of any length. */
export function sameColumn(one: ColumnType, other: ColumnType): boolean {
  return one === other || (one === 'long' && other === 'integer') || (one === 'integer' && other === 'long');
}

/** `true` or `false`, in any case. */
function isBoolean(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 4 && length !== 5) return false;
  const first = (bytes[start] ?? 0) | LOWER;
  if (first !== LOWER_T && first !== LOWER_F) return false;
  return /^(?:true|false)$/i.test(bytes.toString('latin1', start, end));
}

/** The type of a number of at most 15 bytes, as most are, without making a string; undefined for any other text. */
function shortNumber(bytes: Buffer, start: number, end: number): 'integer' | 'decimal' | undefined {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (first === end || end - first > DOUBLE_DIGITS) return undefined;
  let point = end;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === POINT && point === end) point = at;
    else if (byte < ZERO || byte > NINE) return undefined;
  }
  if (point === first || point === end - 1) return undefined;
  if (bytes[first] === ZERO && point > first + 1) return undefined;
  if (point < end) return 'decimal';
  return bytes[start] === MINUS && bytes[first] === ZERO ? undefined : 'integer';
}

/** The type of text that begins like a number, and is no short one. */
function rareType(bytes: Buffer, start: number, end: number, decimalDigits: number): ColumnType {
  const length = end - start;
  if (length > LONGEST_NUMBER) return 'text';
  const text = bytes.toString('latin1', start, end);
  if (length >= SHORTEST_TIME && text[4] === '-') return utcTime(text) === undefined ? 'text' : 'timestamp';
  if (isPrinted(text)) return 'decimal';
  return /e/i.test(text) ? 'text' : numberType(text, decimalDigits);
}

/** Whether it is how a double is printed, with a point and without an exponent: the quick way for most decimals. */
function isPrinted(text: string): boolean {
  return text.includes('.') && String(Number(text)) === text && !text.includes('e');
}

/** Whether a double keeps the number: printing it gives all the digits back. */
function isDouble(text: string, digits: number): boolean {
  const number = Number(text);
  const size = Math.abs(number);
  if (size < SMALLEST || size >= GREATEST) return false;
  if (digits <= DOUBLE_DIGITS) return true;
  return digits <= MOST_DOUBLE_DIGITS && plainNumber(String(number)) === plainNumber(text);
}

function isLong(number: bigint): boolean {
  return number <= LARGEST && number >= -LARGEST - 1n;
}
