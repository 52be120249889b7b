/** A reading, and its line: `time,sensor,value`, for example `2026-11-21T10:04:00Z,attic,21.35`. */

import { type Decimal, formatDecimal } from '../stats/decimal.ts';
import { formatTime } from './time.ts';

/** One measurement; a temperature is in °C. */
export interface Reading {
  /** Epoch milliseconds; undefined where the source gives values only. */
  readonly time: number | undefined;
  /** Empty where the source names none. */
  readonly sensor: string;
  readonly value: Decimal;
}

/** The reading's line, without a newline at its end. */
export function formatReading({ time, sensor, value }: Reading): string {
  return `${time === undefined ? '' : formatTime(time)},${csvField(sensor)},${formatDecimal(value)}`;
}

/** The reading as a line of NDJSON, without a newline; the value keeps its digits. */
export function formatReadingJson({ time, sensor, value }: Reading): string {
  const when = time === undefined ? null : formatTime(time);
  return `{"time":${JSON.stringify(when)},"sensor":${JSON.stringify(sensor)},"value":${formatDecimal(value)}}`;
}

/** One CSV field, quoted as RFC 4180 says where it must be. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
