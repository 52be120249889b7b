/** Formats numbers, times, durations and file names for display. Times use the 24-hour clock. */

import type { Span } from './time-range.ts';

export type Zone = 'local' | 'utc';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
const MONTH = YEAR / 12;
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
const SHOWN_DECIMALS = 4;
/** A row is late after this many intervals, but at most MAX_LATE after it was due. */
const INTERVALS = 3;
const SHORTEST_LATE = 90_000;
const MAX_LATE = 15 * MINUTE;
const UNKNOWN_LATE = HOUR;

/** Number of decimals of a stored number, at most four. */
export function decimals(value: number): number {
  const text = value.toString();
  const point = text.indexOf('.');
  return point < 0 || text.includes('e') ? 0 : Math.min(text.length - point - 1, SHOWN_DECIMALS);
}

/** The largest number of decimals among these numbers, so that all can be aligned. */
export function mostDecimals(values: Iterable<number | null>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value === null ? 0 : decimals(value));
  return most;
}

/** A number with this many decimals and a true minus sign; never "-0". */
export function formatNumber(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) < 0 ? `\u2212${text.slice(1)}` : text.replace('-', '');
}

/** An integer with narrow spaces between thousands. */
export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `2026-11-21 10:04`, with seconds unless they are 0. */
export function formatTime(time: number, zone: Zone): string {
  const text = isoText(time, zone);
  return `${text.slice(0, 10)} ${clock(text)}`;
}

/** A time span; the day appears once if both ends are on it. */
export function formatSpan(from: number, to: number, zone: Zone): string {
  const [first, last] = [isoText(from, zone), isoText(to, zone)];
  const end = first.slice(0, 10) === last.slice(0, 10) ? clock(last) : formatTime(to, zone);
  return `${formatTime(from, zone)} – ${end}`;
}

/** A time span with its zone; with seconds only if it is short. */
export function formatZonedSpan({ from, to }: Span, zone: Zone): string {
  const unit = to - from < 10 * MINUTE ? 1000 : MINUTE;
  const round = (time: number) => Math.floor(time / unit) * unit;
  return `${formatSpan(round(from), round(to), zone)} ${zoneName(zone)}`;
}

/** `UTC`, or `Europe/Berlin`. */
export function zoneName(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `10:04:05`. */
export function formatClock(time: number, zone: Zone): string {
  return isoText(time, zone).slice(11, 19);
}

/** The local time in this zone as in RFC 3339, clamped to the years 0 to 9999; question marks for an invalid time. */
export function isoText(time: number, zone: Zone): string {
  const shift = zone === 'utc' ? 0 : new Date(time).getTimezoneOffset() * MINUTE;
  const date = new Date(Math.min(Math.max(time - shift, EARLIEST), LATEST));
  return Number.isNaN(date.getTime()) ? '????-??-?? ??:??:00' : date.toISOString();
}

function clock(iso: string): string {
  return iso.slice(17, 19) === '00' ? iso.slice(11, 16) : iso.slice(11, 19);
}

/** `12 s`, `4 min`, `3 h 20 min`, `5 d 2 h`: at most two units. */
export function formatLength(milliseconds: number): string {
  if (milliseconds < MINUTE) return `${Math.max(0, Math.floor(milliseconds / 1000))} s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  return milliseconds < DAY
    ? inTwoParts(milliseconds, [HOUR, 'h'], [MINUTE, 'min'])
    : inTwoParts(milliseconds, [DAY, 'd'], [HOUR, 'h']);
}

/** As `formatLength`, but for any age: `3 mo 4 d`, `7 y 7 mo`, with average months. */
export function formatAge(milliseconds: number): string {
  if (milliseconds < 2 * MONTH) return formatLength(milliseconds);
  return milliseconds < YEAR
    ? inTwoParts(milliseconds, [MONTH, 'mo'], [DAY, 'd'])
    : inTwoParts(milliseconds, [YEAR, 'y'], [MONTH, 'mo']);
}

type NamedLength = readonly [length: number, name: string];

function inTwoParts(milliseconds: number, [large, name]: NamedLength, [small, part]: NamedLength): string {
  const rest = Math.floor((milliseconds % large) / small);
  return `${formatCount(Math.floor(milliseconds / large))} ${name}${rest > 0 ? ` ${rest} ${part}` : ''}`;
}

/** Whether a newest row of this age is overdue for rows every `everyMs`; the age of an open window is negative. */
export function isLate(ageMs: number, everyMs: number | undefined): boolean {
  const expected = everyMs === undefined ? UNKNOWN_LATE : Math.min(INTERVALS * everyMs, everyMs + MAX_LATE);
  return ageMs > Math.max(expected, SHORTEST_LATE);
}

/** A portable file name. */
export function fileName(parts: readonly string[], extension: string): string {
  const words = parts.flatMap((part) => part.split(/[^\p{L}\p{N}.]/u)).filter((word) => word !== '');
  const name = words.join('-').replace(/^[-.]+/, '');
  return `${name.slice(0, 100) || 'stats'}.${extension}`;
}
