/** Stats rows as JSON. Numbers keep their stored digits, which a float would lose. */

import { lengthOf } from '../readings/ahead.ts';
import { lastReadingOf } from '../readings/last-reading.ts';
import type { Range } from '../readings/range.ts';
import { spanOf } from '../readings/row-span.ts';
import { UNIT_COLUMN, unitOfRow } from '../readings/series-units.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import type { Bucket } from '../stats/bucket.ts';
import { type Decimal, formatDecimal } from '../stats/decimal.ts';
import type { Series } from '../stores/reader.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Beyond these digits an average of averages is noise. */
const DIGITS = 12;

/** Members that the server adds to a row; an extra column of this name is in the CSV only. */
const added = new Set(['gap']);

/** The row as a JSON object. @param gap whether rows are missing before it */
export function rowJson(row: StatsRow, gap = false): string {
  const { sensor, window, end, count, min, max, avg, extra } = row;
  let members =
    `"sensor":${JSON.stringify(sensor)},"window":${JSON.stringify(window)},"start":${text(startOf(row))},"end":${text(end)},` +
    `"count":${count},"min":${number(min)},"max":${number(max)},"avg":${number(avg)}`;
  for (const [name, value] of extra)
    if (!added.has(name))
      members += `,${JSON.stringify(name)}:${name === UNIT_COLUMN ? text(value) : number(value)}`;
  return gap ? `{${members},"gap":true}` : `{${members}}`;
}

/** The start of a row, or else its end less the window's length; empty if the window has no length. */
function startOf(row: StatsRow): string {
  const isKnown = row.start !== '' || lengthOf(row.window) === 0;
  return isKnown ? row.start : formatTime(spanOf(row).start);
}

/** The bucket as a row. @param gap whether rows are missing before it */
export function bucketJson(sensor: string, window: string, bucket: Bucket, gap = false): string {
  return JSON.stringify({
    sensor,
    window,
    start: formatTime(bucket.start),
    end: formatTime(bucket.end),
    count: bucket.count,
    min: bucket.min,
    max: bucket.max,
    avg: Number(bucket.avg.toPrecision(DIGITS)),
    rows: bucket.rows,
    missing: bucket.missing ?? null,
    ...(gap && { gap }),
  });
}

/** The unit of a series by its newest row; undefined if unknown. */
export type UnitOf = (newest: StatsRow) => string | undefined;

const NO_LIMITS: Range = { min: undefined, max: undefined };

/** The description of a series, with its newest row. */
export function seriesJson(series: Series, unitOf: UnitOf = unitOfRow, limits = NO_LIMITS): string {
  const { sensor, window, rows, from, to, every, newest } = series;
  const lastReading = lastReadingOf(newest);
  const head = JSON.stringify({
    sensor,
    window,
    rows,
    from: formatTime(from),
    to: formatTime(to),
    every: every === undefined ? null : every / 1000,
    unit: unitOf(newest) ?? null,
    last_time: lastReading === undefined ? null : formatTime(lastReading),
  });
  return `${head.slice(0, -1)},"limits":{${limitsJson(limits)}},"latest":${rowJson(newest)}}`;
}

function limitsJson({ min, max }: Range): string {
  const member = (name: string, limit: Decimal | undefined) =>
    limit === undefined ? [] : [`"${name}":${formatDecimal(limit)}`];
  return [...member('min', min), ...member('max', max)].join(',');
}

function text(field: string): string {
  return field === '' ? 'null' : JSON.stringify(field);
}

/** The digits of a number; an extra column may be text instead. */
function number(field: string): string {
  return NUMBER.test(field) ? field : text(field);
}
