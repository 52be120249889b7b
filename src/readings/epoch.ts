/**
 * Epoch numbers: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
 *
 * Digits that read as a date of the years 1900 to 2099 are not epoch numbers: `20261121100400` more likely means that day
 * than the year 2612, and `2026112110` that hour than one in 2034.
 */

import { millisecondsOf } from './written-time.ts';

const EPOCH = /^(-?)0*(\d{1,20})(?:\.(\d+))?$/;

/** A number with more digits counts milliseconds (in seconds it would be the year 5138); likewise for finer units. */
const DIGITS_OF_SECONDS = 11;
const DIGITS_OF_MILLISECONDS = 14;
const DIGITS_OF_MICROSECONDS = 17;

/** A compact date, optionally with hour, minute and second. */
const DATE =
  /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])(?:[0-5]\d(?:[0-6]\d(?:\.\d+)?)?)?)?$/;
/** The formats of compact dates, by number of digits. */
const DATE_FORMS: Readonly<Record<number, string>> = {
  ...{ 8: '%Y%m%d', 10: '%Y%m%d%H', 12: '%Y%m%d%H%M', 14: '%Y%m%d%H%M%S' },
};

/** The strftime format of digits that read as a date; undefined for any other text. */
export function compactForm(text: string): string | undefined {
  return DATE.test(text) ? DATE_FORMS[text.indexOf('.') < 0 ? text.length : text.indexOf('.')] : undefined;
}

/** Parses an epoch number, also of seconds with a fraction. @returns epoch milliseconds; undefined for any other text */
export function readEpoch(text: string): number | undefined {
  return compactForm(text) === undefined ? readAnyEpoch(text) : undefined;
}

/** Parses digits known to be an epoch number, even if they read as a date. @returns as `readEpoch` does */
export function readAnyEpoch(text: string): number | undefined {
  const [, sign, whole = '', fraction = ''] = EPOCH.exec(text) ?? [];
  return sign === undefined ? undefined : milliseconds(whole, fraction) * (sign === '-' ? -1 : 1);
}

/** Works on the digits, because 2174467876.640 × 1000 is not an integer in floating point. Finer digits are cut off. */
function milliseconds(whole: string, fraction: string): number {
  const digits = whole.length;
  if (digits <= DIGITS_OF_SECONDS) return Number(whole) * 1000 + millisecondsOf(fraction);
  if (digits <= DIGITS_OF_MILLISECONDS) return Number(whole);
  return Number(whole.slice(0, digits <= DIGITS_OF_MICROSECONDS ? -3 : -6));
}
