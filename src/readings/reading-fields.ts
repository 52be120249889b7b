/** Makes readings from the texts of a line's fields, by the rules for times, values and names. */

import { quote, type Rejection } from '../lines/line.ts';
import { badName } from '../lines/text.ts';
import type { Decimal } from '../stats/decimal.ts';
import type { Fields } from './line-fields.ts';
import { formatRange, inRange, type Range } from './range.ts';
import { isReadingTime, READING_YEARS, type Reading } from './reading.ts';
import { joinNames } from './series-name.ts';
import type { TimeReader } from './time-reader.ts';
import type { ValueReader } from './value-reader.ts';

/** The readings of a line: of its value, or of each of several. */
export interface LineReadings {
  /** In the order of their values, without missing ones: as declared by the user, or empty among several. */
  readonly readings: readonly Reading[];
  /** Why other values were rejected; undefined if all values are readings or missing. */
  readonly rejection: Rejection | undefined;
}

/** Parsers for the texts of fields. */
export interface Readers {
  readonly times: TimeReader;
  readonly values: ValueReader;
}

/** Readings outside are rejected. */
export interface ReadingLimits {
  /** Of values after scaling. Undefined accepts all. */
  readonly range: Range | undefined;
  /** Of the windows that readings are counted in: a time without room for them is rejected. None by default. */
  readonly longestWindowMs?: number;
}

/** The readings, or why there is none. */
export function readingsOf(
  { time: timeText, sensor: names, values, labels }: Fields,
  { times, values: reader }: Readers,
  { range, longestWindowMs }: ReadingLimits,
): LineReadings | Rejection {
  const sensor = joinNames(names);
  const time = timeText === undefined ? undefined : times.read(timeText, sensor);
  if (typeof time === 'object') return time;
  if (time !== undefined && !isReadingTime(time, longestWindowMs))
    return {
      kind: 'with a time out of range',
      detail: `time is not ${READING_YEARS}: ${quote(timeText ?? '')}`,
    };
  const readings: Reading[] = [];
  const rejections: Rejection[] = [];
  if (values.length > 1 && values.every((text) => text?.trim() === ''))
    return { kind: 'empty', detail: 'all values are empty' };
  for (const [at, text] of values.entries()) {
    const label = values.length > 1 ? labels[at] : undefined;
    // An empty cell among several means that nothing was measured.
    if (label !== undefined && text?.trim() === '') continue;
    const value = valueIn(text, reader, range);
    if (value === 'missing') continue;
    if ('kind' in value)
      rejections.push(
        label === undefined ? value : { ...value, detail: `column ${quote(label)}: ${value.detail}` },
      );
    else readings.push({ time, sensor: label === undefined ? sensor : joinNames([...names, label]), value });
  }
  const rejection = together(rejections, readings.length > 0);
  if (rejection !== undefined && readings.length === 0) return rejection;
  return badName('sensor', sensor) ?? { readings, rejection };
}

/** The value of a text; 'missing' if it stands for none; or why it is not a value. */
export function valueIn(
  text: string | undefined,
  reader: ValueReader,
  range: Range | undefined,
): Decimal | 'missing' | Rejection {
  if (text === undefined) return { kind: 'malformed', detail: 'value is missing' };
  const value = reader.read(text);
  if (value === 'missing' || 'kind' in value || range === undefined || inRange(value, range)) return value;
  return { kind: 'out of range', detail: `value is out of range ${formatRange(range)}: ${quote(text)}` };
}

/** One rejection for all bad values of a line, with the kind of the first. */
export function together(rejections: readonly Rejection[], isPartial: boolean): Rejection | undefined {
  const [first] = rejections;
  if (first === undefined || (rejections.length === 1 && !isPartial)) return first;
  return { ...first, detail: rejections.map(({ detail }) => detail).join('; '), isPartial };
}
