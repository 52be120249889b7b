/** The quality check `--range MIN..MAX`: both ends are inclusive, and either may be omitted. */

import { compare, type Decimal, formatDecimal, parseDecimal } from '../stats/decimal.ts';

/** An undefined end is not checked. */
export interface Range {
  readonly min: Decimal | undefined;
  readonly max: Decimal | undefined;
}

/** Parses `MIN..MAX`, for an option's `parse`. @throws Error with a message for the user */
export function parseRange(text: string): Range {
  const [low = '', high = '', ...rest] = text.split('..');
  const min = parseDecimal(low);
  const max = parseDecimal(high);
  const bad = (low !== '' && min === undefined) || (high !== '' && max === undefined) || rest.length > 0;
  if (bad || (min === undefined && max === undefined)) {
    throw new Error(`not a range: ${JSON.stringify(text)} (write MIN..MAX, such as -40..60)`);
  }
  if (min !== undefined && max !== undefined && compare(min, max) > 0) {
    throw new Error(`empty range: ${JSON.stringify(text)}`);
  }
  return { min, max };
}

export function inRange(value: Decimal, { min, max }: Range): boolean {
  return (min === undefined || compare(value, min) >= 0) && (max === undefined || compare(value, max) <= 0);
}

/** Formats a range for `parseRange`. */
export function formatRange({ min, max }: Range): string {
  return `${min === undefined ? '' : formatDecimal(min)}..${max === undefined ? '' : formatDecimal(max)}`;
}
