/** Stats rows as JSON: numbers with the digits that are stored, which a float would not keep. */

import { type StatsRow, statsColumns } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import type { Bucket, Series } from '../stores/reader.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Beyond these digits an average of averages is noise. */
const DIGITS = 12;

/** The members that the server adds to a row; a further column of this name is in the CSV only. */
const added = new Set(['gap']);

/** @param gap whether rows are missing before this one */
export function rowJson(row: StatsRow, gap = false): string {
  const members = [
    ...statsColumns.map(({ name, type }) =>
      name === 'sensor' ? member(name, JSON.stringify(row.sensor)) : column(name, String(row[name]), type),
    ),
    ...[...row.extra]
      .filter(([name]) => !added.has(name))
      .map(([name, text]) => column(name, text, 'number')),
    ...(gap ? [member('gap', 'true')] : []),
  ];
  return `{${members.join(',')}}`;
}

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

/** A series without its rows: what it holds, and its newest row. */
export function seriesJson({ sensor, window, rows, from, to, every, newest }: Series): string {
  const head = JSON.stringify({
    sensor,
    window,
    rows,
    from: formatTime(from),
    to: formatTime(to),
    every: every === undefined ? null : every / 1000,
  });
  return `${head.slice(0, -1)},"latest":${rowJson(newest)}}`;
}

function column(name: string, text: string, type: 'text' | 'number'): string {
  if (text === '') return member(name, 'null');
  return member(name, type === 'number' && NUMBER.test(text) ? text : JSON.stringify(text));
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}
