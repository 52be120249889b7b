/** Makes a reading of the texts of its fields, by the rules for times, values and names. */

import { quote, type Rejection } from '../lines/line.ts';
import { badName } from '../lines/text.ts';
import { hasTooManyDigits, MOST_DIGITS, MOST_WHOLE_DIGITS, parseDecimal } from '../stats/decimal.ts';
import { formatRange, inRange, type Range } from './range.ts';
import { isReadingTime, READING_YEARS, type Reading } from './reading.ts';
import type { TimeReader } from './time-reader.ts';

/** The fields of a line, as written; undefined for a field that it lacks. */
export interface Fields {
  readonly time: string | undefined;
  readonly sensor: string | undefined;
  readonly value: string | undefined;
}

/** Readings outside are rejected. */
export interface ReadingLimits {
  /** Of values; undefined takes all. */
  readonly range: Range | undefined;
  /** Of the windows that readings are counted in: a time without room for them is rejected. None by default. */
  readonly longestWindowMs?: number;
}

/** The reading, or why it is none. */
export function readingOf(
  fields: Fields,
  times: TimeReader,
  { range, longestWindowMs }: ReadingLimits,
): Reading | Rejection {
  const sensor = fields.sensor ?? '';
  const time = fields.time === undefined ? undefined : times.read(fields.time.trim(), sensor);
  if (typeof time === 'object') return time;
  if (time !== undefined && !isReadingTime(time, longestWindowMs))
    return { kind: 'out of time', detail: `time is not ${READING_YEARS}: ${quote(fields.time ?? '')}` };
  if (fields.value === undefined) return { kind: 'malformed', detail: 'value is missing' };
  if (fields.value.trim() === '') return { kind: 'empty', detail: 'value is empty' };
  const value = parseDecimal(fields.value);
  if (value === undefined) return notANumber(fields.value);
  if (range !== undefined && !inRange(value, range)) {
    const detail = `value is out of range ${formatRange(range)}: ${quote(fields.value)}`;
    return { kind: 'out of range', detail };
  }
  return badName('sensor', sensor) ?? { time, sensor, value };
}

const TOO_MANY_DIGITS = `has more than ${MOST_WHOLE_DIGITS} digits before its point, or ${MOST_DIGITS} in all`;

function notANumber(value: string): Rejection {
  const problem = hasTooManyDigits(value) ? TOO_MANY_DIGITS : 'is not a number';
  return { kind: 'not a number', detail: `value ${problem}: ${quote(value)}` };
}
