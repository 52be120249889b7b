/**
 * Exact decimal numbers: an integer and a number of decimals.
 *
 * 21.50 is { units: 2150n, scale: 2 }, so the digits of the source are preserved. Nothing here rounds, except the
 * functions with a `scale` or number of decimals.
 */

/** A decimal number as it was written: `units` / 10^`scale`. */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point: 0 or more. */
  readonly scale: number;
}

/** Maximum number of digits of a value: more than any double needs (5e-324 has 325), few enough to stay fast. */
export const MAX_DIGITS = 400;

/** Maximum number of digits before the point: databases and charts need even the square to be a finite double. */
export const MAX_WHOLE_DIGITS = 150;

/** Maximum number of decimals of a rounded statistic. */
export const MAX_DECIMALS = 1000;

/** Limits on the digits of a number, in total and before the point. */
interface NumberLimits {
  readonly digits: number;
  readonly wholeDigits: number;
}

const VALUE_LIMITS: NumberLimits = { digits: MAX_DIGITS, wholeDigits: MAX_WHOLE_DIGITS };

const MAX_STATISTIC_DIGITS = 2 * (MAX_DIGITS + MAX_DECIMALS);

/** Limits for statistics of such values, with room for squares, sums and decimals: everything printed can be parsed. */
export const STATISTIC_LIMITS: NumberLimits = {
  digits: MAX_STATISTIC_DIGITS,
  wholeDigits: MAX_STATISTIC_DIGITS,
};

/** U+2212, the typographic minus sign. */
const MINUS = '\u2212';

/** Maximum number of other characters in a number: blanks, sign, point, exponent. */
const OTHERS = 40;

const NUMBER = /^\s*([+\u2212-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?\s*$/;

/**
 * Parses 21.35, -4, +1.5, .5, 5., 1.5e3 and 2E-7, with surrounding blanks; a minus may be U+2212.
 *
 * @returns undefined for anything else: text, NaN, Infinity, hexadecimal, an empty string, too many digits
 */
export function parseDecimal(text: string, limits = VALUE_LIMITS): Decimal | undefined {
  if (text.length > limits.digits + OTHERS) return undefined;
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const scale = fraction.length - Number(exponent ?? 0);
  const wholeDigits = Math.max(1, digits.length - scale);
  if (wholeDigits > limits.wholeDigits || wholeDigits + Math.max(0, scale) > limits.digits) return undefined;
  const magnitude = BigInt(digits) * powerOfTen(Math.max(0, -scale));
  return { units: sign === '-' || sign === MINUS ? -magnitude : magnitude, scale: Math.max(0, scale) };
}

/** Whether the text would be a number if it had fewer digits, for messages. */
export function hasTooManyDigits(text: string): boolean {
  return parseDecimal(text) === undefined && /^\s*[+\u2212-]?\.?\d/.test(text) && NUMBER.test(text);
}

/** Whether a number, such as a product, is within the limits of a value. */
export function isValue(number: Decimal): boolean {
  const digits = digitCount(number);
  return digits <= VALUE_LIMITS.digits && digits - number.scale <= VALUE_LIMITS.wholeDigits;
}

/** The number of digits that `formatDecimal` writes. */
export function digitCount({ units, scale }: Decimal): number {
  return Math.max(digitsOf(units).length, scale + 1);
}

/** Plain notation with all decimals: never an exponent, never -0. */
export function formatDecimal({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = digitsOf(units).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function digitsOf(units: bigint): string {
  const number = Math.abs(Number(units));
  // A number is formatted twice as fast as a bigint.
  if (number <= Number.MAX_SAFE_INTEGER) return String(number);
  return (units < 0n ? -units : units).toString();
}

const powers: bigint[] = [1n];

/** 10 to the power of a non-negative integer. */
export function powerOfTen(exponent: number): bigint {
  const known = powers[exponent];
  if (known !== undefined) return known;
  const power = 10n ** BigInt(exponent);
  powers[exponent] = power;
  return power;
}

/** The units of a number at a scale, which must not be below its own. */
export function unitsAt(number: Decimal, scale: number): bigint {
  return number.scale === scale ? number.units : number.units * powerOfTen(scale - number.scale);
}

/** Negative, 0 or positive as `a` is below, equal to or above `b`; 1.5 and 1.50 are equal. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = unitsAt(a, scale);
  const right = unitsAt(b, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The exact sum, with the higher scale of both. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

/** The exact difference `a - b`, with the higher scale of both. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { units: -b.units, scale: b.scale });
}

/** The exact product; scales add up. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** `number * numerator / denominator` to `scale` decimals, rounded half away from zero; the denominator is positive. */
export function multiplyByRatio(
  number: Decimal,
  numerator: bigint,
  denominator: bigint,
  scale: number,
): Decimal {
  const top = number.units * numerator * powerOfTen(scale);
  return { units: divideRounded(top, denominator * powerOfTen(number.scale)), scale };
}

/** The quotient of two integers, rounded half away from zero; the denominator is positive. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** The square root of `numerator / denominator`, rounded half up to `scale` decimals; neither is negative. */
export function squareRoot(numerator: bigint, denominator: bigint, scale: number): Decimal {
  // One extra digit decides the rounding: a root is exactly half-way only if that digit is its last.
  const root = integerRoot((numerator * powerOfTen(2 * scale + 2)) / denominator);
  return { units: (root + 5n) / 10n, scale };
}

/** The integer square root, by Newton's method. */
function integerRoot(square: bigint): bigint {
  if (square < 2n) return square;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
