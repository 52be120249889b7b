/**
 * Times at the edge of the program: RFC 3339 and epoch numbers in, RFC 3339 in UTC out.
 *
 * Inside, a time is epoch milliseconds. Finer digits are cut off.
 */

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
/** What RFC 3339 can write in UTC: the years 0000 to 9999. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const EPOCH = /^(-?)(\d{1,14})(?:\.(\d+))?$/;

/** Epoch numbers from here on are milliseconds: in seconds it would be the year 5138. */
const FIRST_MILLISECONDS = 1e11;

const FOUR_CENTURIES = 146_097 * 86_400_000;

/**
 * Reads RFC 3339 with any offset (a blank for the T, and no seconds, are fine), epoch seconds and epoch milliseconds.
 *
 * @returns epoch milliseconds, or undefined for anything else, a time without offset, the 30th of February and a time that
 * cannot be written in UTC included
 */
export function parseTime(text: string): number | undefined {
  const time = anyTime(text);
  return time !== undefined && time >= FIRST && time <= LAST ? time : undefined;
}

function anyTime(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match !== null) return fromParts(match);
  const [, sign, whole = '', fraction = ''] = EPOCH.exec(text) ?? [];
  return sign === undefined ? undefined : fromEpoch(Number(whole), fraction) * (sign === '-' ? -1 : 1);
}

/** Reads a time as parseTime does, for an option's `parse`. @throws Error with a message for the user */
export function parseTimeOption(text: string): number {
  const time = parseTime(text);
  if (time === undefined) {
    throw new Error(`not a time: ${JSON.stringify(text)} (write 2026-11-21T10:04:00Z or epoch seconds)`);
  }
  return time;
}

/** Milliseconds from the digits: 2174467876.640 times 1000 is not whole in floating point. */
function fromEpoch(whole: number, fraction: string): number {
  return whole < FIRST_MILLISECONDS ? whole * 1000 + millisecondsOf(fraction) : whole;
}

function millisecondsOf(fraction: string): number {
  return Number(fraction.padEnd(3, '0').slice(0, 3));
}

function fromParts(match: RegExpExecArray): number | undefined {
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // 60 is a leap second; it counts as the first moment of the next minute.
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  // Four centuries later, since Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const midnight = Date.UTC(year + 400, month - 1, day) - FOUR_CENTURIES;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -1 : 1);
  const milliseconds = match[7] === undefined ? 0 : millisecondsOf(match[7]);
  return midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const DAY = 86_400_000;
/** Texts that are often needed again: most times are of the same day as the last, and a window ends where the next begins. */
let knownDay = Number.NaN;
let knownDate = '';
let knownTime = Number.NaN;
let knownText = '';

/** RFC 3339 in UTC: `2026-11-21T10:04:00Z`, with milliseconds only if they are not 0. @param time epoch milliseconds */
export function formatTime(time: number): string {
  if (time !== knownTime) {
    knownText = textOf(time);
    knownTime = time;
  }
  return knownText;
}

function textOf(time: number): string {
  const day = Math.floor(time / DAY);
  if (day !== knownDay) {
    knownDate = new Date(day * DAY).toISOString().slice(0, -'00:00:00.000Z'.length);
    knownDay = day;
  }
  const milliseconds = time - day * DAY;
  const seconds = Math.floor(milliseconds / 1000);
  const clock = `${twoDigits(seconds / 3600)}:${twoDigits((seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  const fraction = milliseconds % 1000;
  return `${knownDate}${clock}${fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`}Z`;
}

function twoDigits(number: number): string {
  const whole = Math.floor(number);
  return whole < 10 ? `0${whole}` : String(whole);
}
