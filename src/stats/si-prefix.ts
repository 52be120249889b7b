/** SI prefixes of large numbers, which are powers of 1000, of bytes as well: 1 kB is 1000 B. */

import { isCounted, takesPrefix } from './known-units.ts';

/** What stands before a unit, and the power of ten that it stands for. */
export interface SiPrefix {
  readonly symbol: string;
  readonly power: number;
}

/** That of numbers that need none. */
export const NO_PREFIX: SiPrefix = { symbol: '', power: 0 };

const SYMBOLS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Below it, digits are read at a glance: a year, a pressure. */
const LEAST = 10_000;
/** A number is shown with so many digits, so that it may round up to the next prefix. */
const SIGNIFICANT = 3;

/** The prefix for numbers of about this size with this sign of a unit, which may be empty. */
export function siPrefix(size: number, sign: string): SiPrefix {
  if (!(Math.abs(size) >= LEAST) || !takesPrefix(sign)) return NO_PREFIX;
  const thousands = Math.floor(significant(size).exponent / 3);
  const symbol = SYMBOLS[thousands];
  return symbol === undefined ? NO_PREFIX : { symbol, power: 3 * thousands };
}

/** What follows a number: at once behind its digits, and then as its sign. A prefix belongs to one of both. */
export function unitParts({ symbol }: SiPrefix, sign: string): { behind: string; sign: string } {
  return isCounted(sign) ? { behind: symbol, sign } : { behind: '', sign: `${symbol}${sign}` };
}

/** The same as one text: ` kB`, ` °C`, `k`, `k lines`, or nothing. */
export function unitSuffix(prefix: SiPrefix, of: string): string {
  const { behind, sign } = unitParts(prefix, of);
  return sign === '' ? behind : `${behind} ${sign}`;
}

/** A number in units of its prefix, to three digits. */
export function scaled(value: number, { power }: SiPrefix): number {
  const { digits, exponent } = significant(value);
  return Number(`${digits}e${exponent - power}`);
}

/** A number with its prefix and unit, to three digits; undefined where it has no prefix, and without a unit, which may be any. */
export function withPrefix(value: number, sign: string): string | undefined {
  const prefix = sign === '' ? NO_PREFIX : siPrefix(value, sign);
  return prefix === NO_PREFIX ? undefined : `${scaled(value, prefix)}${unitSuffix(prefix, sign)}`;
}

/** A number to a few digits: those, with the point behind the first, and the power of ten. */
function significant(value: number) {
  const [digits = '', exponent = ''] = value.toExponential(SIGNIFICANT - 1).split('e');
  return { digits, exponent: Number(exponent) };
}
