/**
 * Reads the rows of a store for a chart: row by row, or, where there are many, as buckets that the store computes, which
 * takes a tenth of the time.
 */

import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import type { Bucket } from '../stats/bucket.ts';
import { openReader } from '../stores/open.ts';
import { presentSeries } from '../stores/present-series.ts';
import type { PresentSettings } from '../stores/read-rows.ts';
import type { Series, StoreReader } from '../stores/reader.ts';
import { bucketOf } from '../stores/row-buckets.ts';
import { type ChartBucket, leadOf, placedBucket } from './chart-bucket.ts';
import { type ChartRows, type Digits, decimalsOf } from './chart-rows.ts';

/** More than the columns of the widest picture. */
const BUCKETS = 4096;
/** From this many rows on, a bucket is longer than the usual distance between rows, even if half of them are missing. */
const MANY_ROWS = 4 * BUCKETS;

/** Adds the rows of a store to a chart. @returns the number of rows read @throws Failure of the reader */
export async function addStoredRows(
  address: string,
  settings: PresentSettings,
  chartRows: ChartRows,
): Promise<number> {
  const reader = await openReader(address, settings);
  try {
    return await addAll(reader, settings, chartRows);
  } finally {
    await reader.close();
  }
}

async function addAll(
  reader: StoreReader,
  { latest, onFuture, signal }: PresentSettings,
  chartRows: ChartRows,
): Promise<number> {
  let read = 0;
  const wanted: Series[] = [];
  for await (const page of presentSeries(reader, latest, {}, onFuture)) {
    signal.throwIfAborted();
    wanted.push(...page.filter((series) => chartRows.wants(series)));
  }
  const newest = wanted.reduce((latest, { to }) => Math.max(latest, to), Number.NEGATIVE_INFINITY);
  const asked = chartRows.range(newest);
  const yieldToEventLoop = eventLoopYielder();
  for (const series of wanted) {
    const from = Math.max(asked.from, series.from);
    const to = Math.min(asked.to, series.to + 1);
    if (from < to) read += await addSeries(reader, series, { from, to }, chartRows);
    await yieldToEventLoop();
    signal.throwIfAborted();
  }
  return read;
}

async function addSeries(
  reader: StoreReader,
  series: Series,
  span: { readonly from: number; readonly to: number },
  chartRows: ChartRows,
): Promise<number> {
  let read = 0;
  const { sensor, window, every = Number.POSITIVE_INFINITY } = series;
  const range = { sensor, window, ...span };
  let { from } = span;
  if (Math.min(series.rows, (span.to - from) / every) > MANY_ROWS) {
    const lengthMs = Math.ceil((span.to - from) / BUCKETS);
    const buckets = await reader.buckets(range, lengthMs);
    // The newest rows are read one by one, since the chart shows the last value.
    const last = buckets.pop();
    for (const bucket of buckets) {
      chartRows.addBucket(sensor, placed(bucket, series, lengthMs), digitsOf(bucket));
      read += bucket.rows;
    }
    from = last === undefined ? span.to : Math.max(from, beginningOf(last, lengthMs));
  }
  for await (const rows of reader.rows({ ...range, from })) {
    for (const row of rows) chartRows.add(row);
    read += rows.length;
  }
  return read;
}

/** Assumes rows spread over the whole bucket: every visible gap contains buckets without rows. */
function placed(bucket: Bucket, { window, newest, from }: Series, lengthMs: number): ChartBucket {
  const lead = leadOf(window, bucketOf(newest));
  const first = Math.max(from, beginningOf(bucket, lengthMs)) - lead;
  return placedBucket(bucket, first, bucket.end - lead);
}

function beginningOf({ end }: Bucket, lengthMs: number): number {
  return Math.floor(end / lengthMs) * lengthMs;
}

/** No extra decimals for a computed average. */
function digitsOf({ min, max }: Bucket): Digits {
  return { value: Math.max(decimalsOf(String(min)), decimalsOf(String(max))), average: 0 };
}
