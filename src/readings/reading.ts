/** A reading, and its line: `time,sensor,value`, for example `2026-11-21T10:04:00Z,attic,21.35`. */

import { type Decimal, formatDecimal } from '../stats/decimal.ts';
import { parseMoment } from './moment.ts';
import { formatTime, parseTime } from './time.ts';

/** One measurement; a temperature is in °C. */
export interface Reading {
  /** Epoch milliseconds; undefined if the source gives only values. */
  readonly time: number | undefined;
  /** Empty if the source names none. */
  readonly sensor: string;
  readonly value: Decimal;
}

// RFC 3339 covers the years 0000 to 9999.
const FIRST_TIME = Date.parse('0002-01-01T00:00:00Z');
const END_OF_TIME = Date.parse('9999-01-01T00:00:00Z');
const LAST_WRITABLE = parseTime('9999-12-31T23:59:59Z') ?? 0;
const DAY = 86_400_000;

/** For messages: when a reading may have been taken. */
export const READING_YEARS = 'in the years 0002 to 9998';

/** The longest window: there is room for it around the time of every reading, except in the last days of 9998. */
export const LONGEST_WINDOW_MS = 366 * DAY;

/** Whether a reading may have this time: the window around it must be writable. @param time epoch milliseconds */
export function isReadingTime(time: number, windowMs = 0): boolean {
  // A day's margin for the time zone, and for changes of the clock.
  return time >= FIRST_TIME && time < END_OF_TIME && time + windowMs + DAY <= LAST_WRITABLE;
}

/** Parses a moment for an option of readings, days in UTC. @throws Error with a message for the user */
export function parseReadingMoment(text: string): (now: number) => number {
  const moment = parseMoment(text);
  const at = (now: number) => moment({ now, zone: 'UTC' });
  if (!isReadingTime(at(0))) throw new Error(`not ${READING_YEARS}: ${JSON.stringify(text)}`);
  return at;
}

/** The reading's line, without its newline. */
export function formatReading({ time, sensor, value }: Reading): string {
  return `${time === undefined ? '' : formatTime(time)},${csvField(sensor)},${formatDecimal(value)}`;
}

/** The reading as a line of NDJSON, without a newline; the value keeps its digits. */
export function formatReadingJson({ time, sensor, value }: Reading): string {
  const when = time === undefined ? null : formatTime(time);
  return `{"time":${JSON.stringify(when)},"sensor":${JSON.stringify(sensor)},"value":${formatDecimal(value)}}`;
}

/** A CSV field, quoted if RFC 4180 requires it. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
