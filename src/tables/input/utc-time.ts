/** Timestamps as tables store them: RFC 3339 in UTC, with at most microseconds. */

import { formatTime, momentOf, parseTime } from '../../readings/time.ts';
import { readWritten } from '../../readings/written-time.ts';
import { withoutLastZeros } from './plain-number.ts';

/** Longer text is not a timestamp. */
const LONGEST = 64;
const FIRST = parseTime('0001-01-01T00:00:00Z') ?? 0;
const LAST = parseTime('9999-12-31T23:59:59.999Z') ?? 0;

/**
 * The same instant in UTC; undefined for text that is not RFC 3339 with an offset, that is finer than microseconds or longer
 * than 64 characters, or whose year is not 1 to 9999.
 */
export function utcTime(text: string): string | undefined {
  const written = text.length > LONGEST || text[4] !== '-' ? undefined : readWritten(text);
  const time = written && momentOf(written);
  if (written === undefined || time === undefined) return undefined;
  return utcText(time, written.fraction);
}

/**
 * An instant in UTC, from epoch ms and all fractional digits of its second; undefined if these are finer than microseconds,
 * or the year is not 1 to 9999.
 */
export function utcText(time: number, secondFraction: string): string | undefined {
  const fraction = withoutLastZeros(secondFraction);
  if (fraction.length > 6 || time < FIRST || time > LAST) return undefined;
  const digits = fraction === '' ? '' : `.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}`;
  return `${formatTime(Math.floor(time / 1000) * 1000).slice(0, -1)}${digits}Z`;
}

/** A utcTime for many times, fast if most have the minute and offset of the one before. */
export function utcConverter(): (text: string) => string | undefined {
  let knownMinute = '';
  let knownOffset = '';
  let knownUtc = '';
  return (text) => {
    const [minute, seconds, offset] = [text.slice(0, 17), text.slice(17, 19), text.slice(19)];
    const isUsual = seconds < '60' && /^[+-]..:..$/.test(offset);
    if (isUsual && minute === knownMinute && offset === knownOffset) return `${knownUtc}${seconds}Z`;
    const utc = utcTime(text);
    if (isUsual && utc !== undefined) {
      [knownMinute, knownOffset] = [minute, offset];
      knownUtc = utc.slice(0, 17);
    }
    return utc;
  };
}
