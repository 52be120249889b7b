/** Stored numbers as people read them, with their units. */

import { NO_PREFIX, scaled, siPrefix, unitParts } from '../../../stats/si-prefix.ts';
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

/** Digits of a number with a prefix. */
const PRECISION = 3;
/** Others from here on, and below this, have an exponent. */
const LONG = 1e9;
const TINY = 5e-5;
const EXPONENT_PRECISION = 4;

/** A stored number; a dash where there is none. */
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

/** As `numberText`, in one text. */
export function numberWithSign(...asked: Parameters<typeof numberText>): string {
  const { text, sign } = numberText(...asked);
  return `${text} ${sign}`.trim();
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
