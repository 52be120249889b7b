/** A time as tables hold it: RFC 3339 in UTC, to the microsecond. */

import { formatTime, parseTime } from '../readings/time.ts';
import type { Batch } from './batch.ts';
import { isPlainTime } from './plain-time.ts';

const RFC_3339 = /^\d{4}-.*?(?:[.,](\d+))?(?:[Zz]|[+-][\d:]+)$/;
const FIRST = parseTime('0001-01-01T00:00:00Z') ?? 0;
const LAST = parseTime('9999-12-31T23:59:59.999Z') ?? 0;

/** The same moment; undefined for what is not RFC 3339 with an offset, has finer digits, or lies beyond the years 1 to 9999. */
export function utcTime(text: string): string | undefined {
  const match = RFC_3339.exec(text);
  const time = match === null ? undefined : parseTime(text);
  if (match === null || time === undefined || time < FIRST || time > LAST) return undefined;
  const fraction = (match[1] ?? '').replace(/0+$/, '');
  if (fraction.length > 6) return undefined;
  const digits = fraction === '' ? '' : `.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}`;
  return `${formatTime(Math.floor(time / 1000) * 1000).slice(0, -1)}${digits}Z`;
}

/** Writes the times of a batch as tables hold them. */
export function toUtc(batch: Batch): void {
  for (const [at, type] of batch.types.entries())
    if (type === 'timestamp') batch.rewrite(at, (start, end) => change(batch.bytes, start, end));
}

function change(bytes: Buffer, start: number, end: number): string | undefined {
  if (isPlainTime(bytes, start, end)) return undefined;
  const text = bytes.toString('latin1', start, end);
  const utc = utcTime(text);
  return utc === text ? undefined : utc;
}
