/** The options of tools that read values of other programs. */

import { Failure, status } from '../failure.ts';
import { parseTexts } from '../lines/csv.ts';
import { quote } from '../lines/line.ts';
import type { ValueOptions } from '../readings/value-reader.ts';
import { type Decimal, parseDecimal } from '../stats/decimal.ts';
import type { Options } from './option.ts';

/** Declares `--decimal`. */
export const decimalOption = {
  decimal: {
    type: 'text',
    value: '.|,',
    parse: decimalMark,
    manualOnly: true,
    describe: 'decimal mark of numbers, except in JSON (default: a point); digit grouping is refused',
  },
} as const satisfies Options;

/** Declares all options about the notation of values. */
export const valueOptions = {
  ...decimalOption,
  scale: {
    type: 'text',
    value: 'NUMBER',
    parse: factor,
    manualOnly: true,
    describe:
      'multiply each value by NUMBER, exactly: 0.1 for values in tenths; --range applies to the result',
  },
  na: {
    type: 'text',
    value: 'TEXT,...',
    repeats: true,
    parse: (text: string) => parseTexts(text, 'a list of texts'),
    manualOnly: true,
    describe: 'codes for a missing value, which are left out: -999,NA,--- (-999 also matches -999.0)',
  },
  suffix: {
    type: 'text',
    value: 'UNIT,...',
    repeats: true,
    parse: units,
    manualOnly: true,
    describe: 'units that may follow a number, besides °C; the number is not converted: %,°F,hPa',
  },
} as const satisfies Options;

/** How to read values, by these options. @throws Failure (usage) if a comma would be both decimal mark and delimiter */
export function valuesBy(options: {
  readonly decimal: '.' | ',' | undefined;
  readonly delimiter: string | undefined;
  readonly scale: Decimal | undefined;
  readonly na: readonly string[][];
  readonly suffix: readonly string[][];
}): ValueOptions {
  const { decimal, scale, na, suffix } = options;
  checkMarks(options);
  return { decimal, scale, missing: na.flat(), units: suffix.flat() };
}

/** @throws Failure (usage) if the decimal mark is also the delimiter */
export function checkMarks({
  decimal,
  delimiter,
}: {
  readonly decimal: string | undefined;
  readonly delimiter: string | undefined;
}): void {
  if (decimal !== undefined && decimal === delimiter)
    throw new Failure(status.usage, `--decimal ${decimal} needs another --delimiter, such as -d ';'`);
}

function decimalMark(text: string): '.' | ',' {
  if (text === '.' || text === ',') return text;
  throw new Error(`neither a point nor a comma: ${quote(text)}`);
}

function factor(text: string): Decimal {
  const number = parseDecimal(text);
  if (number !== undefined && number.units !== 0n) return number;
  throw new Error(`not a number other than 0: ${quote(text)}`);
}

function units(text: string): string[] {
  const list = parseTexts(text, 'a list of texts');
  const bad = list.find((unit) => /^[\d.,+\u2212-]|\s$/.test(unit));
  if (bad !== undefined) throw new Error(`a unit does not begin as a number does: ${quote(bad)}`);
  return list;
}
