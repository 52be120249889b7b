/** A time as tables hold it: RFC 3339 in UTC, to the microsecond. */

import { formatTime, parseTime } from '../../readings/time.ts';
import type { Batch } from './batch.ts';

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

/** Writes the times of a batch as tables hold them, but for those that are fine already. */
export function toUtc(batch: Batch, isFine: (bytes: Buffer, start: number, end: number) => boolean): void {
  const known = { minute: '', offset: '', utc: '' };
  for (const [at, type] of batch.types.entries())
    if (type === 'timestamp')
      batch.rewrite(at, (start, end) =>
        isFine(batch.bytes, start, end)
          ? undefined
          : change(batch.bytes.toString('latin1', start, end), known),
      );
}

/** Most times are of the minute of the one before. */
function change(text: string, known: { minute: string; offset: string; utc: string }): string | undefined {
  const [minute, seconds, offset] = [text.slice(0, 17), text.slice(17, 19), text.slice(19)];
  const isUsual = seconds < '60' && /^[+-]..:..$/.test(offset);
  if (isUsual && minute === known.minute && offset === known.offset) return `${known.utc}${seconds}Z`;
  const utc = utcTime(text);
  if (isUsual && utc !== undefined) Object.assign(known, { minute, offset, utc: utc.slice(0, 17) });
  return utc === text ? undefined : utc;
}
