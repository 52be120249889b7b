/**
 * Times at the edge of the program: RFC 3339 and epoch numbers in, RFC 3339 in UTC out.
 *
 * Inside, a time is epoch milliseconds. Finer digits are cut off.
 */

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
const EPOCH = /^(-?)(\d{1,14})(?:\.(\d+))?$/;

/** Epoch numbers from here on are milliseconds: in seconds it would be the year 5138. */
const FIRST_MILLISECONDS = 1e11;

/**
 * Reads RFC 3339 with any offset (a blank for the T, and no seconds, are fine), epoch seconds and epoch milliseconds.
 *
 * @returns epoch milliseconds, or undefined for anything else, a time without offset and the 30th of February included.
 */
export function parseTime(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match !== null) return fromParts(match);
  const [, sign, whole = '', fraction = ''] = EPOCH.exec(text) ?? [];
  return sign === undefined ? undefined : fromEpoch(Number(whole), fraction) * (sign === '-' ? -1 : 1);
}

/** By its digits: 2174467876.640 times 1000 is not whole in floating point. */
function fromEpoch(whole: number, fraction: string): number {
  return whole < FIRST_MILLISECONDS ? whole * 1000 + millisecondsOf(fraction) : whole;
}

function millisecondsOf(fraction: string): number {
  return Number(fraction.padEnd(3, '0').slice(0, 3));
}

function fromParts(match: RegExpExecArray): number | undefined {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  const [fraction = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] = match.slice(7);
  // 60 is a leap second; it counts as the first moment of the next minute.
  if (hour > 23 || minute > 59 || second > 60 || Number(offsetHours) > 23 || Number(offsetMinutes) > 59)
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecondsOf(fraction);
}

/** RFC 3339 in UTC: `2026-11-21T10:04:00Z`, with milliseconds only where there are some. */
export function formatTime(time: number): string {
  const text = new Date(time).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
