/** Epoch numbers: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */

import { millisecondsOf } from './written-time.ts';

const EPOCH = /^(-?)0*(\d{1,20})(?:\.(\d+))?$/;

/** A number of more digits counts milliseconds: in seconds it would be the year 5138; and so on for the finer units. */
const DIGITS_OF_SECONDS = 11;
const DIGITS_OF_MILLISECONDS = 14;
const DIGITS_OF_MICROSECONDS = 17;

/** Reads an epoch number, also of seconds with a fraction. @returns epoch milliseconds; undefined for any other text */
export function readEpoch(text: string): number | undefined {
  const [, sign, whole = '', fraction = ''] = EPOCH.exec(text) ?? [];
  return sign === undefined ? undefined : milliseconds(whole, fraction) * (sign === '-' ? -1 : 1);
}

/** From the digits: 2174467876.640 times 1000 is not whole in floating point. Finer digits are cut off. */
function milliseconds(whole: string, fraction: string): number {
  const digits = whole.length;
  if (digits <= DIGITS_OF_SECONDS) return Number(whole) * 1000 + millisecondsOf(fraction);
  if (digits <= DIGITS_OF_MILLISECONDS) return Number(whole);
  return Number(whole.slice(0, digits <= DIGITS_OF_MICROSECONDS ? -3 : -6));
}
