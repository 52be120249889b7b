/**
 * The rows of a store for a chart: as they are, or, where there are many, as stretches that the store has summed up,
 * which takes a tenth of the time.
 */

import { openReader } from '../stores/open.ts';
import type { Bucket, Series, StoreReader } from '../stores/reader.ts';
import type { StoreSettings } from '../stores/store.ts';
import { leadOf, type Stretch, stretchOf } from './chart-bucket.ts';
import { type Collection, type Digits, decimalsOf } from './chart-rows.ts';

/** More than the widest picture has columns. */
const STRETCHES = 4096;
/** With so many rows, a stretch is longer than the usual distance between two of them, even if half are missing. */
const MANY_ROWS = 4 * STRETCHES;

/** @throws Failure as the reader does */
export async function collectStored(
  address: string,
  settings: StoreSettings,
  collection: Collection,
): Promise<void> {
  const reader = await openReader(address, settings);
  try {
    await collectAll(reader, collection);
  } finally {
    await reader.close();
  }
}

async function collectAll(reader: StoreReader, collection: Collection): Promise<void> {
  const wanted = (await reader.series()).filter((series) => collection.wants(series));
  const newest = wanted.reduce((latest, { to }) => Math.max(latest, to), Number.NEGATIVE_INFINITY);
  const asked = collection.range(newest);
  for (const series of wanted) {
    const from = Math.max(asked.from, series.from);
    const to = Math.min(asked.to, series.to + 1);
    if (from < to) await collectSeries(reader, series, { from, to }, collection);
  }
}

async function collectSeries(
  reader: StoreReader,
  series: Series,
  span: { readonly from: number; readonly to: number },
  collection: Collection,
): Promise<void> {
  const { sensor, window, every = Number.POSITIVE_INFINITY } = series;
  const range = { sensor, window, ...span };
  let { from } = span;
  if (Math.min(series.rows, (span.to - from) / every) > MANY_ROWS) {
    const lengthMs = Math.ceil((span.to - from) / STRETCHES);
    const buckets = await reader.buckets(range, lengthMs);
    // The newest rows are wanted as they are, for the last one of them.
    const last = buckets.pop();
    for (const bucket of buckets)
      collection.keep(sensor, stretchOfBucket(bucket, series, lengthMs), digitsOf(bucket));
    from = last === undefined ? span.to : Math.max(from, beginningOf(last, lengthMs));
  }
  for await (const rows of reader.rows({ ...range, from })) for (const row of rows) collection.add(row);
}

/** Rows are spread over all of it, as far as can be known. A gap that can be seen has stretches without rows in it. */
function stretchOfBucket(bucket: Bucket, { window, newest, from }: Series, lengthMs: number): Stretch {
  const { start, end } = stretchOf(newest);
  const lead = leadOf(window, start, end);
  const first = Math.max(from, beginningOf(bucket, lengthMs)) - lead;
  return { ...bucket, first, last: bucket.end - lead, missing: bucket.missing ?? 0 };
}

function beginningOf({ end }: Bucket, lengthMs: number): number {
  return Math.floor(end / lengthMs) * lengthMs;
}

/** Those of its average say nothing: it is computed. */
function digitsOf({ min, max }: Bucket): Digits {
  return { value: Math.max(decimalsOf(String(min)), decimalsOf(String(max))), average: 0 };
}
