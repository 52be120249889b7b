/** Formats stored numbers with their units for display. */

import { NO_PREFIX, scaled, siPrefix, unitParts } from '../../../stats/si-prefix.ts';
import { convert, type Display, type Kind, signOf } from './display-units.ts';
import { formatNumber } from './format.ts';

/** A number, and the symbol of its unit, which may have an SI prefix. */
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
  /** With all digits, and no prefix. */
  readonly isExact?: boolean;
}

/** Significant digits of a number with a prefix. */
const PRECISION = 3;
/** Numbers from LONG on, and below TINY, have an exponent. */
const LONG = 1e9;
const TINY = 5e-5;
const EXPONENT_PRECISION = 4;

/** Formats a stored number; a dash for null. */
export function numberText(
  stored: number | null,
  display: Display,
  { digits, kind = 'value', count = 0, isExact = false }: NumberStyle,
): NumberText {
  const sign = signOf(display, kind);
  if (stored === null) return { text: '–', sign };
  const value = convert(stored, display, kind, count);
  const hasPrefix = kind !== 'square' && kind !== 'plain' && !isExact;
  const prefix = hasPrefix ? siPrefix(value, sign) : NO_PREFIX;
  if (prefix === NO_PREFIX) return { text: plainText(value, digits), sign };
  const part = scaled(value, prefix);
  const whole = Math.floor(Math.log10(Math.abs(part))) + 1;
  const { behind, sign: prefixed } = unitParts(prefix, sign);
  return { text: `${formatNumber(part, Math.max(0, PRECISION - whole))}${behind}`, sign: prefixed };
}

/** As `numberText`, in one string. */
export function numberWithSign(...asked: Parameters<typeof numberText>): string {
  const { text, sign } = numberText(...asked);
  return `${text} ${sign}`.trim();
}

/** A number with these decimals, or with an exponent if its digits would be too many to count. */
export function plainText(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size < LONG && (size === 0 || size >= TINY)) return formatNumber(value, digits);
  const [mantissa = '', exponent = ''] = Number(value.toPrecision(EXPONENT_PRECISION))
    .toExponential()
    .split('e');
  return `${mantissa}e${exponent.replace('+', '')}`.replaceAll('-', '\u2212');
}
