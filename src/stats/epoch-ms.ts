/** Date.UTC for all years. */

const FOUR_CENTURIES = 146_097 * 86_400_000;

/** Epoch milliseconds like Date.UTC, which maps years 0 to 99 to 1900 to 1999. @param month from 0 */
export function epochMs(year: number, month: number, day = 1, hour = 0, minute = 0, second = 0): number {
  return Date.UTC(year + 400, month, day, hour, minute, second) - FOUR_CENTURIES;
}
