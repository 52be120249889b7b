/**
 * Infers the type of a column from its values: integers, decimals, timestamps, booleans, or text.
 *
 * A value is a number only if the number preserves the text: `007`, `+5` and `1e5` are text. A timestamp is RFC 3339 with
 * an offset, and a boolean is `true` or `false`.
 */

import { plainNumber } from './plain-number.ts';
import { isPlainTime } from './plain-time.ts';
import { utcTime } from './utc-time.ts';

/**
 * `empty` is a column without values. `long` is an integer of more than 15 digits that fits into 64 bits: not every decimal
 * column can hold it. `text` holds all values, with one canonical spelling per number, timestamp or boolean, so that it does
 * not matter which of them came before the column became text; `verbatim` is text exactly as it came.
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

/** The types that a user can name; `text` means verbatim. */
export const typeNames = ['integer', 'decimal', 'timestamp', 'boolean', 'text'] as const;

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** The limits of a database. */
export interface TableLimits {
  /** Significant digits of a decimal. */
  readonly decimalDigits: number;
  /** Columns per table. */
  readonly columns: number;
  /** Bytes per column name. */
  readonly nameBytes: number;
  /** Whether a column's type can be changed; otherwise a row with a later value that does not fit is rejected. */
  readonly widens: boolean;
}

/** For a value that does not fit its column: widen the column, or reject the row. */
export type OnMismatch = 'widen' | 'reject';

/** A double preserves 15 digits of any decimal, and up to 17 of one printed from a double. */
export const DOUBLE_DIGITS = 15;
const MAX_DOUBLE_DIGITS = 17;
const LONGEST_NUMBER = 1000;
const LARGEST = 9_223_372_036_854_775_807n;
const MAX_EXPONENT = 300;
const [SMALLEST, GREATEST] = [1e-300, 1e301];
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE]([+-]?\d+))?$/;
const [ZERO, NINE, MINUS, POINT] = [48, 57, 45, 46];
const [LOWER, LOWER_T, LOWER_F] = [32, 116, 102];
/** Length of the shortest timestamp, which has no seconds. */
export const SHORTEST_TIME = 17;

/**
 * The narrowest type that holds the UTF-8 text from `start` to `end`; empty text is text.
 *
 * @param decimalDigits significant digits of the table's decimals
 */
export function typeOf(bytes: Buffer, start: number, end: number, decimalDigits: number): ColumnType {
  const first = bytes[start] ?? 0;
  if (first === MINUS || (first >= ZERO && first <= NINE)) {
    if (isPlainTime(bytes, start, end)) return 'timestamp';
    return shortNumber(bytes, start, end) ?? rareType(bytes, start, end, decimalDigits);
  }
  return isBoolean(bytes, start, end) ? 'boolean' : 'text';
}

/** The type of a JSON number, with or without exponent; text if no table can hold it. */
export function numberType(text: string, decimalDigits: number): ColumnType {
  const match = text.length > LONGEST_NUMBER ? null : NUMBER.exec(text);
  if (match === null) return 'text';
  const [mantissa = ''] = text.split(/e/i);
  const isWhole = !/[.eE]/.test(text) && text !== '-0';
  const digits = mantissa.replace(/^[-0.]+|\./g, '').length;
  if (isWhole && digits <= DOUBLE_DIGITS) return 'integer';
  if (isWhole && digits <= 19 && isLong(BigInt(text))) return 'long';
  if (Math.abs(Number(match[1] ?? 0)) > MAX_EXPONENT) return 'text';
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

/** Whether both have the same column type in a table: integers of any length do. */
export function sameColumn(one: ColumnType, other: ColumnType): boolean {
  return one === other || (one === 'long' && other === 'integer') || (one === 'integer' && other === 'long');
}

/** `true` or `false`, case-insensitive. */
function isBoolean(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 4 && length !== 5) return false;
  const first = (bytes[start] ?? 0) | LOWER;
  if (first !== LOWER_T && first !== LOWER_F) return false;
  return /^(?:true|false)$/i.test(bytes.toString('latin1', start, end));
}

/** The type of a number of at most 15 characters, the common case, without creating a string; undefined for other text. */
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

/** The type of any other text that begins like a number. */
function rareType(bytes: Buffer, start: number, end: number, decimalDigits: number): ColumnType {
  const length = end - start;
  if (length > LONGEST_NUMBER) return 'text';
  const text = bytes.toString('latin1', start, end);
  if (length >= SHORTEST_TIME && text[4] === '-') return utcTime(text) === undefined ? 'text' : 'timestamp';
  if (isPrinted(text)) return 'decimal';
  return /e/i.test(text) ? 'text' : numberType(text, decimalDigits);
}

/** Whether it is printed like a double, with a point and without an exponent: a shortcut for most decimals. */
function isPrinted(text: string): boolean {
  return text.includes('.') && String(Number(text)) === text && !text.includes('e');
}

/** Whether a double preserves the number: printing it returns all digits. */
function isDouble(text: string, digits: number): boolean {
  const number = Number(text);
  const size = Math.abs(number);
  if (size < SMALLEST || size >= GREATEST) return false;
  if (digits <= DOUBLE_DIGITS) return true;
  return digits <= MAX_DOUBLE_DIGITS && plainNumber(String(number)) === plainNumber(text);
}

function isLong(number: bigint): boolean {
  return number <= LARGEST && number >= -LARGEST - 1n;
}
