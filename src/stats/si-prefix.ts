/** SI prefixes of large numbers, in powers of 1000 even for bytes: 1 kB is 1000 B. */

import { isCounted, takesPrefix } from './known-units.ts';

/** A prefix and its power of ten. */
export interface SiPrefix {
  readonly symbol: string;
  readonly power: number;
}

/** The absence of a prefix. */
export const NO_PREFIX: SiPrefix = { symbol: '', power: 0 };

const SYMBOLS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Smaller numbers are easy to read: a year, a pressure. */
const LEAST = 10_000;
/** Numbers are shown with this many significant digits, so one may round up to the next prefix. */
const SIGNIFICANT = 3;

/** The prefix for numbers of this magnitude with this unit symbol, which may be empty. */
export function siPrefix(size: number, sign: string): SiPrefix {
  if (!(Math.abs(size) >= LEAST) || !takesPrefix(sign)) return NO_PREFIX;
  const thousands = Math.floor(significant(size).exponent / 3);
  const symbol = SYMBOLS[thousands];
  return symbol === undefined ? NO_PREFIX : { symbol, power: 3 * thousands };
}

/** Splits prefix and symbol: `behind` follows the digits directly, `sign` after a blank. */
export function unitParts({ symbol }: SiPrefix, sign: string): { behind: string; sign: string } {
  return isCounted(sign) ? { behind: symbol, sign } : { behind: '', sign: `${symbol}${sign}` };
}

/** The same as text: ` kB`, ` °C`, `k`, `k lines`, or nothing. */
export function unitSuffix(prefix: SiPrefix, of: string): string {
  const { behind, sign } = unitParts(prefix, of);
  return sign === '' ? behind : `${behind} ${sign}`;
}

/** A number in units of its prefix, to three digits. */
export function scaled(value: number, { power }: SiPrefix): number {
  const { digits, exponent } = significant(value);
  return Number(`${digits}e${exponent - power}`);
}

/** A number with prefix and unit, to three digits; undefined when it needs no prefix, or has no unit. */
export function withPrefix(value: number, sign: string): string | undefined {
  const prefix = sign === '' ? NO_PREFIX : siPrefix(value, sign);
  return prefix === NO_PREFIX ? undefined : `${scaled(value, prefix)}${unitSuffix(prefix, sign)}`;
}

/** Significant digits, with the point after the first, and the power of ten. */
function significant(value: number) {
  const [digits = '', exponent = ''] = value.toExponential(SIGNIFICANT - 1).split('e');
  return { digits, exponent: Number(exponent) };
}
