/** SI prefixes of large numbers of bytes and bits, of both in a second, and of plain counts: 1 kB is 1000 B. */

/** What stands before a unit, and the power of ten that it stands for; of small numbers `''` and 0. */
export interface SiPrefix {
  readonly symbol: string;
  readonly power: number;
}

const SYMBOLS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
/** That of small numbers, and of units that take none. */
export const NO_PREFIX: SiPrefix = { symbol: '', power: 0 };

/** Below it, digits are read at a glance: a year, hectopascals. */
const LEAST = 10_000;
/** A number is shown with so many digits, so that it may round up to the next prefix. */
const SIGNIFICANT = 4;
/** Temperatures, shares and the like have no prefixes; of other units nobody knows how they are written with one. */
const PREFIXABLE = /^(?:B|bit)?(?:\/s)?$/;

/** The prefix for numbers of about this size in a unit; none for a unit that takes none. @param unit empty for a count */
export function siPrefix(size: number, unit: string): SiPrefix {
  const { rounded, exponent } = significant(size);
  if (!(Math.abs(rounded) >= LEAST) || !PREFIXABLE.test(unit)) return NO_PREFIX;
  const thousands = Math.floor(exponent / 3);
  const symbol = SYMBOLS[thousands];
  return symbol === undefined ? NO_PREFIX : { symbol, power: 3 * thousands };
}

/** What stands behind a number: ` kB`, ` °C`, `k`, or nothing. */
export function unitSuffix({ symbol }: SiPrefix, unit: string): string {
  return unit === '' ? symbol : ` ${symbol}${unit}`;
}

/** A number with its prefix and unit, to four digits; undefined where it has no prefix. */
export function withPrefix(value: number, unit: string): string | undefined {
  const prefix = siPrefix(value, unit);
  if (prefix === NO_PREFIX) return undefined;
  const { digits, exponent } = significant(value);
  return `${Number(`${digits}e${exponent - prefix.power}`)}${unitSuffix(prefix, unit)}`;
}

/** A number to four digits: those, with the point behind the first, and the power of ten. */
function significant(value: number) {
  const text = value.toExponential(SIGNIFICANT - 1);
  const [digits = '', exponent = ''] = text.split('e');
  return { digits, exponent: Number(exponent), rounded: Number(text) };
}
