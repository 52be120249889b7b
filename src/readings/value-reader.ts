/**
 * Parses values as others write them: with a decimal comma, a text that stands for a missing value, a unit after the
 * number, in tenths.
 *
 * A value is a plain decimal, whose minus sign may be U+2212; it may be followed by `°C`, the unit of readings, or a unit
 * that the user names. Grouped digits (`1.234,5`) are refused because 1.234 is ambiguous, as are hexadecimal digits and
 * everything else that is not a decimal.
 */

import type { JsonNumber } from '../lines/json.ts';
import { quote, type Rejection } from '../lines/line.ts';
import {
  compare,
  type Decimal,
  hasTooManyDigits,
  isValue,
  MAX_DIGITS,
  MAX_WHOLE_DIGITS,
  multiply,
  parseDecimal,
} from '../stats/decimal.ts';

/** How values are written, as plain data. */
export interface ValueOptions {
  /** The decimal mark of texts; undefined for a point. Numbers of JSON always have a point. */
  readonly decimal?: '.' | ',' | undefined;
  /** Each value is multiplied by it, exactly; undefined for 1. */
  readonly scale?: Decimal | undefined;
  /** Texts that stand for a missing value. A number among them stands for all its notations, before scaling. */
  readonly missing?: readonly string[] | undefined;
  /** Units besides °C that may follow a number. They change nothing. */
  readonly units?: readonly string[] | undefined;
}

/** Units that may follow any value. */
const USUAL_UNITS = ['°C', '℃'];
const UNIT = /^[+\u2212-]?[\d.,]*\d\s*([^\d\s.,+\u2212-][^\d\s]{0,11})$/;
const GROUPS = /^[+\u2212-]?\d{1,3}(?:([.,'\u2019\s])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/;
const ONE_MARK = /^[+\u2212-]?(?=.*\d)\d*[.,]\d*$/;
const TOO_MANY_DIGITS = `more than ${MAX_WHOLE_DIGITS} digits before the decimal point, or ${MAX_DIGITS} in all`;

/** The numbers among the texts of `--na`, which have a decimal point. */
export function missingNumbers(missing: readonly string[] = []): Decimal[] {
  return missing.flatMap((text) => parseDecimal(text) ?? []);
}

/** Parses values that are written in one way. */
export class ValueReader {
  readonly #comma: boolean;
  readonly #scale: Decimal | undefined;
  readonly #missing: ReadonlySet<string>;
  readonly #missingNumbers: readonly Decimal[];
  readonly #units: readonly string[];

  constructor({ decimal, scale, missing = [], units = [] }: ValueOptions) {
    this.#comma = decimal === ',';
    this.#scale = scale;
    this.#missing = new Set(missing);
    this.#missingNumbers = missingNumbers(missing);
    // Longest first, because a unit may end with another one, like %RH with RH.
    this.#units = [...USUAL_UNITS, ...units].sort((one, other) => other.length - one.length);
  }

  /** The value; 'missing' if the text stands for none; or why it is not a value. */
  read(text: string): Decimal | 'missing' | Rejection {
    const trimmed = text.trim();
    if (trimmed === '') return { kind: 'empty', detail: 'value is empty' };
    if (this.#missing.has(trimmed)) return 'missing';
    const number = this.#number(trimmed);
    if (number === undefined) return this.#problem(trimmed);
    if (this.#missingNumbers.some((missing) => compare(missing, number) === 0)) return 'missing';
    if (this.#scale === undefined) return number;
    const value = multiply(number, this.#scale);
    return isValue(value) ? value : notANumber(`times the scale has ${TOO_MANY_DIGITS}`, text);
  }

  /** Whether a text is a number, even if it stands for a missing value. */
  isNumber(text: string): boolean {
    return this.#number(text.trim()) !== undefined;
  }

  /** A number of JSON as a text that `read` accepts. */
  written({ digits }: JsonNumber): string {
    return this.#comma ? digits.replace('.', ',') : digits;
  }

  #number(text: string): Decimal | undefined {
    return this.#decimal(text) ?? this.#decimal(this.#withoutUnit(text));
  }

  #withoutUnit(text: string): string {
    const unit = this.#units.find((one) => text.endsWith(one));
    return unit === undefined ? text : text.slice(0, -unit.length).trimEnd();
  }

  #decimal(text: string): Decimal | undefined {
    if (!this.#comma) return parseDecimal(text);
    return text.includes('.') ? undefined : parseDecimal(text.replace(',', '.'));
  }

  #problem(text: string): Rejection {
    const bare = this.#withoutUnit(text);
    // Bounds the backtracking of the patterns below.
    if (bare.length > MAX_DIGITS) return notANumber(reasonOf(text), text);
    if (ONE_MARK.test(bare)) return this.#comma ? withPoint(text) : withComma(text);
    if (GROUPS.test(bare)) return withGroups(text);
    const unit = UNIT.exec(text)?.[1];
    const number = text.slice(0, text.length - (unit?.length ?? 0));
    // 12e is a truncated number rather than one with a unit.
    if (unit !== undefined && !/^e/i.test(unit) && this.#decimal(number) !== undefined)
      return withUnit(unit, text);
    return notANumber(reasonOf(text), text);
  }
}

function reasonOf(text: string): string {
  return hasTooManyDigits(text) ? `has ${TOO_MANY_DIGITS}` : 'is not a number';
}

function withComma(text: string): Rejection {
  const detail = `value has a comma (get-stats --decimal , for a decimal comma): ${quote(text)}`;
  return { kind: 'with a comma', detail };
}

function withPoint(text: string): Rejection {
  const detail = `value has a point, and the decimal mark is a comma: ${quote(text)}`;
  return { kind: 'with a point', detail };
}

function withGroups(text: string): Rejection {
  return { kind: 'with grouped digits', detail: `value has grouped digits: ${quote(text)}` };
}

function withUnit(unit: string, text: string): Rejection {
  const hint = /[\ufffd\p{Cs}]/u.test(unit) ? '--encoding latin1 or --suffix' : `--suffix ${unit}`;
  return { kind: 'with a unit', detail: `value has a unit (get-stats ${hint}): ${quote(text)}` };
}

function notANumber(problem: string, text: string): Rejection {
  return { kind: 'not a number', detail: `value ${problem}: ${quote(text)}` };
}
