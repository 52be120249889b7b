/** Finds numbers in text written by people or programs, with a unit after them: `temp=42.3'C`, `Core 0: +45.0°C`. */

import type { TemperatureUnit } from '../readings/units.ts';
import { type Decimal, parseDecimal } from '../stats/decimal.ts';

/** A number with its unit, if the text gives one. */
export interface WrittenNumber {
  readonly value: Decimal;
  readonly unit?: TemperatureUnit;
}

/** Accepts U+2212, the minus sign, too. */
const NUMBER =
  /(?<![\p{L}\p{N}_.]|[\p{L}\p{N}_][+\u2212-]|\p{N}[:,/])[+\u2212-]?(?!0[xX])(?:(?:\d+\.\d*|\.\d+)(?!\.?\d)|\d+(?![\d.]|[-:,/]\d))(?:[eE][+-]?\d+)?/u;
/** Many write º, the ordinal indicator, for °. */
const BEFORE_DEGREES = before('[°º]\\s?[CF]|[℃℉]');
/** Only after degrees: K may stand for a thousand. */
const BEFORE_KELVIN = before('K');
const UNITS: ReadonlyMap<string, TemperatureUnit> = new Map([
  ['℃', 'C'],
  ['℉', 'F'],
]);

/** The number that is the whole text, or the first one before °C or °F, or else before K; undefined without one. */
export function writtenNumber(text: string): WrittenNumber | undefined {
  const value = parseDecimal(text);
  return value === undefined ? numberBeforeUnit(text) : { value };
}

/**
 * The first number before °C or °F, or else before K, or else the first number; undefined without one.
 *
 * Ignores digits in a word, a date, a time or a version (`T1: 21.5`, `10:04 21.5`), and `21,5`, whose comma is
 * ambiguous.
 */
export function firstNumber(text: string): WrittenNumber | undefined {
  const withUnit = numberBeforeUnit(text);
  if (withUnit !== undefined) return withUnit;
  const value = parseDecimal(NUMBER.exec(text)?.[0] ?? '');
  return value === undefined ? undefined : { value };
}

function before(unit: string): RegExp {
  return new RegExp(`(${NUMBER.source})\\s?(${unit})(?![\\p{L}\\p{N}])`, 'u');
}

function numberBeforeUnit(text: string): WrittenNumber | undefined {
  const [, number = '', sign = ''] = BEFORE_DEGREES.exec(text) ?? BEFORE_KELVIN.exec(text) ?? [];
  const value = parseDecimal(number);
  return value === undefined
    ? undefined
    : { value, unit: UNITS.get(sign) ?? (sign.at(-1) as TemperatureUnit) };
}
