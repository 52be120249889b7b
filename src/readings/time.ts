/**
 * Times at the edge of the program: in, with an offset or as epoch numbers; out, as RFC 3339 in UTC.
 *
 * Inside, a time is epoch milliseconds. Finer digits are cut off.
 */

import { readEpoch } from './epoch.ts';
import { readWritten, type WrittenTime } from './written-time.ts';

/** The range of RFC 3339 in UTC: the years 0000 to 9999. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Parses a time that determines its moment: one with an offset, in any format, or an epoch number.
 *
 * @returns epoch milliseconds; undefined for anything else, including a time without offset, 30 February, and a time that
 * cannot be written in UTC
 */
export function parseTime(text: string): number | undefined {
  const written = readWritten(text);
  return written === undefined ? writable(readEpoch(text)) : momentOf(written);
}

/** The moment of a time with an offset, in epoch milliseconds; undefined without one, or if UTC cannot write it. */
export function momentOf({ wallMs, offsetMs }: WrittenTime): number | undefined {
  return offsetMs === undefined ? undefined : writable(wallMs - offsetMs);
}

function writable(time: number | undefined): number | undefined {
  return time !== undefined && time >= FIRST && time <= LAST ? time : undefined;
}

/** Parses a time like `parseTime`, for an option's `parse`. @throws Error with a message for the user */
export function parseTimeOption(text: string): number {
  const time = parseTime(text);
  if (time === undefined) {
    throw new Error(`not a time: ${JSON.stringify(text)} (write 2026-11-21T10:04:00Z or epoch seconds)`);
  }
  return time;
}

const DAY = 86_400_000;
/** Caches: most times are of the same day as the last, and a window ends where the next one begins. */
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
