/** The limits of a series, and which rows exceed them, by the rules of check-stats. */

import { convert, type Display } from './display-units.ts';
import { decimals } from './format.ts';
import { numberText, numberWithSign } from './number-text.ts';
import type { Row } from './row.ts';

/** In the unit of the stored rows; undefined for no limit. */
export interface Limits {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export const noLimits: Limits = { min: undefined, max: undefined };

/** Whether any limit is set. */
export function areLimited({ min, max }: Limits): boolean {
  return min !== undefined || max !== undefined;
}

/** Whether the largest value of a row is above the maximum. */
export function isAbove({ max }: Pick<Row, 'max'>, limits: Limits): boolean {
  return max !== null && limits.max !== undefined && max > limits.max;
}

/** Whether the smallest value of a row is below the minimum. */
export function isBelow({ min }: Pick<Row, 'min'>, limits: Limits): boolean {
  return min !== null && limits.min !== undefined && min < limits.min;
}

export function isBeyond(row: Pick<Row, 'min' | 'max'>, limits: Limits): boolean {
  return isAbove(row, limits) || isBelow(row, limits);
}

/** A limit with the digits it was given with. */
export function limitText(limit: number, display: Display): string {
  return numberWithSign(limit, display, { digits: digitsOf(limit, display) });
}

/** Decimals of the limit as given; one more after a unit conversion if needed. */
function digitsOf(limit: number, display: Display): number {
  return decimals(Number(convert(limit, display).toFixed(decimals(limit) + 1)));
}

/** `5 to 30 °C`, `at most 30 °C`, `at least 5 °C`. */
export function limitsText({ min, max }: Limits, display: Display): string {
  if (max === undefined) return min === undefined ? 'none' : `at least ${limitText(min, display)}`;
  if (min === undefined) return `at most ${limitText(max, display)}`;
  const [low, high] = [min, max].map((limit) =>
    numberText(limit, display, { digits: digitsOf(limit, display) }),
  );
  return low?.sign === high?.sign
    ? `${low?.text} to ${limitText(max, display)}`
    : `${limitText(min, display)} to ${limitText(max, display)}`;
}
