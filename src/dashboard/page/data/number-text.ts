/** Stored numbers as people read them, with their units. */

import { convert, type Display, type Kind, signOf } from './display-units.ts';
import { formatNumber } from './format.ts';

/** A number, and the sign of its unit, which may have a prefix. */
export interface NumberText {
  readonly text: string;
  readonly sign: string;
}

interface NumberStyle {
  /** Decimals of a number without a prefix. */
  readonly digits: number;
  readonly kind?: Kind;
  /** Number of values in a sum. */
  readonly count?: number;
  /** With all its digits, and no prefix. */
  readonly isExact?: boolean;
}

interface Prefix {
  readonly factor: number;
  readonly prefix: string;
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Smaller numbers have no prefix. */
const LEAST_PREFIXED = 10_000;
/** Digits of a number with a prefix. */
const PRECISION = 3;
/** Others from here on, and below this, have an exponent. */
const LONG = 1e9;
const TINY = 5e-5;
const EXPONENT_PRECISION = 4;
const WORD = /^\p{Ll}{4}/u;

/** A stored number; a dash where there is none. */
export function numberText(
  stored: number | null,
  display: Display,
  { digits, kind = 'value', count = 0, isExact = false }: NumberStyle,
): NumberText {
  const sign = signOf(display, kind);
  if (stored === null) return { text: '–', sign };
  const value = convert(stored, display, kind, count);
  const { factor, prefix } =
    display.hasPrefixes && kind !== 'square' && kind !== 'plain' && !isExact
      ? prefixOf(value)
      : { factor: 1, prefix: '' };
  if (prefix === '') return { text: plainText(value, digits), sign };
  const part = value / factor;
  const whole = Math.floor(Math.log10(Math.abs(part))) + 1;
  return { text: formatNumber(part, Math.max(0, PRECISION - whole)), sign: withPrefix(prefix, sign) };
}

/** As `numberText`, in one text. */
export function numberWithSign(...asked: Parameters<typeof numberText>): string {
  const { text, sign } = numberText(...asked);
  return `${text} ${sign}`.trim();
}

/** A prefix before a sign, as in `kB`; apart from a word: `k requests`. */
export function withPrefix(prefix: string, sign: string): string {
  const apart = prefix !== '' && WORD.test(sign) ? ' ' : '';
  return `${prefix}${apart}${sign}`;
}

/** The prefix for numbers of this size: none where they are short. */
export function prefixOf(size: number): Prefix {
  const least = Math.abs(size);
  const at = least < LEAST_PREFIXED ? 0 : Math.floor(Math.log10(least) / 3);
  const prefix = PREFIXES[at];
  return prefix === undefined ? { factor: 1, prefix: '' } : { factor: 1000 ** at, prefix };
}

/** A number with these decimals, or with an exponent where nobody could count its digits. */
export function plainText(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size < LONG && (size === 0 || size >= TINY)) return formatNumber(value, digits);
  const [mantissa = '', exponent = ''] = Number(value.toPrecision(EXPONENT_PRECISION))
    .toExponential()
    .split('e');
  return `${mantissa}e${exponent.replace('+', '')}`.replaceAll('-', '\u2212');
}
