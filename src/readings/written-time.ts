/**
 * What a text says about a time: what a wall clock showed, and its offset from UTC if there is one.
 *
 * The formats: `2026-11-21T10:04:00Z`, a blank for the T, `/` for the `-`, no seconds, a fraction of any length after a
 * point or comma, the date alone; an offset as `Z`, `UTC`, `+01:00`, `+0100` or `+01`, with or without a blank before.
 */

import { epochMs } from '../stats/epoch-ms.ts';

/** A time as it was written. */
export interface WrittenTime {
  /** What the clock showed: the epoch milliseconds at which a clock in UTC shows the same. */
  readonly wallMs: number;
  /** In milliseconds, positive east of UTC; undefined if the text gives none. */
  readonly offsetMs: number | undefined;
  /** All digits of the fraction of a second, of which `wallMs` has the first three; empty without one. */
  readonly fraction: string;
}

/** A calendar date and a time of day. */
export interface WallClockParts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const FORMS =
  /^(\d{4})([-/])(\d\d)\2(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([Zz]|UTC|[+-]\d\d(?::?\d\d)?))?)?$/;
const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;

const MINUTE = 60_000;

/** Parses a time in one of the formats; undefined for any other text, including 30 February and 24:00. */
export function readWritten(text: string): WrittenTime | undefined {
  const match = FORMS.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour = 0, minute = 0, second = 0, fraction = '', offset] = match;
  const wallMs = wallClockTime({
    ...{ year: Number(year), month: Number(month), day: Number(day) },
    ...{ hour: Number(hour), minute: Number(minute), second: Number(second) },
    millisecond: millisecondsOf(fraction),
  });
  if (wallMs === undefined) return undefined;
  const offsetMs = offset === undefined ? undefined : readOffset(offset);
  return Number.isNaN(offsetMs) ? undefined : { wallMs, offsetMs, fraction };
}

/** An offset from UTC in milliseconds; NaN for one that no clock has, such as +01:60. */
export function readOffset(text: string): number {
  const [, sign, hours, minutes = 0] = OFFSET.exec(text) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  return (Number(hours) * 60 + Number(minutes)) * MINUTE * (sign === '-' ? -1 : 1);
}

/** The milliseconds in these digits after a point; finer ones are cut off. */
export function millisecondsOf(fraction: string): number {
  return Number(fraction.padEnd(3, '0').slice(0, 3));
}

/** The epoch milliseconds at which a clock in UTC shows this; undefined for what no clock shows. */
export function wallClockTime(parts: WallClockParts): number | undefined {
  const { year, month, day, hour, minute, second, millisecond } = parts;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // 60 is a leap second; it counts as the first moment of the next minute.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return epochMs(year, month - 1, day, hour, minute, second) + millisecond;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
