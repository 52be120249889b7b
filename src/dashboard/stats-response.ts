/**
 * Answers requests for rows: JSON, or the CSV that `load-stats` reads.
 *
 * More rows than the requested points are thinned to buckets of a round length. Rows are streamed. Memory: a batch of rows, or
 * the points.
 */

import { type Column, formatRows, type Row } from '../lines/format-rows.ts';
import { rowFields, type StatsRow, statsColumns } from '../readings/stats-row.ts';
import { formatTime } from '../readings/time.ts';
import type { Bucket } from '../stats/bucket.ts';
import type { ListSeries, Range, Series, StoreReader } from '../stores/reader.ts';
import { bucketJson, rowJson, type UnitOf } from './row-json.ts';
import { harmlessColumn, harmlessRows } from './spreadsheet.ts';
import type { StatsQuery } from './stats-query.ts';
import { bucketLength, gapFinder } from './thinning.ts';

/** Default window. */
const USUAL_WINDOW = '1h';

/** The requested part of a series. */
interface Part {
  readonly series: Series;
  readonly range: Range;
}

type Rows =
  | { readonly kind: 'all'; readonly batches: AsyncIterable<StatsRow[]> }
  | { readonly kind: 'thinned'; readonly buckets: Bucket[]; readonly lengthMs: number };

/** The requested rows as one line of JSON, in pieces. @throws Failure as the reader does */
export async function* rowsJson(
  reader: StoreReader,
  { series, unitOf }: { readonly series: ListSeries; readonly unitOf: UnitOf },
  query: StatsQuery,
): AsyncGenerator<string> {
  yield '{"series":[';
  let separator = '';
  for await (const part of askedParts(series, query)) {
    yield separator;
    yield* seriesRowsJson(part.series, unitOf, await readRows(reader, part, query));
    separator = ',';
  }
  yield ']}\n';
}

/** The requested rows as CSV under one header, in pieces. @throws Failure as the reader does */
export async function* rowsCsv(
  reader: StoreReader,
  list: ListSeries,
  query: StatsQuery,
): AsyncGenerator<string> {
  const parts = askedParts(list, query);
  const first = await parts.next();
  // All rows of a store have the same columns.
  const further = first.done ? [] : [...first.value.series.newest.extra.keys()];
  const names = query.points === 'all' && query.stepMs === 0 ? further : ['rows', 'missing'];
  const columns: Column[] = [...statsColumns, ...names.map((name) => ({ name, type: 'text' as const }))];
  const lines = async function* (): AsyncGenerator<Row[]> {
    for (let part = first; !part.done; part = await parts.next())
      yield* rowRecords(part.value, await readRows(reader, part.value, query), columns);
  };
  yield* query.spreadsheet
    ? formatRows(harmlessRows(lines()), columns.map(harmlessColumn), 'csv')
    : formatRows(lines(), columns, 'csv');
}

async function* askedParts(list: ListSeries, query: StatsQuery): AsyncGenerator<Part> {
  const window = query.window ?? (await usualWindow(list, query));
  for await (const series of askedSeries(list, query)) {
    const from = Math.max(query.from, series.from);
    const to = Math.min(query.to, series.to + 1);
    const range = { sensor: series.sensor, window: series.window, from, to };
    if (series.window === window && from < to) yield { series, range };
  }
}

async function* askedSeries(list: ListSeries, { sensors }: StatsQuery): AsyncGenerator<Series> {
  for (const sensor of sensors === undefined ? [undefined] : [...sensors].sort())
    for await (const page of list({ sensor })) yield* page;
}

/** The default window, or else that of the first series; undefined without any. */
async function usualWindow(list: ListSeries, query: StatsQuery): Promise<string | undefined> {
  let first: string | undefined;
  for await (const { window } of askedSeries(list, query)) {
    if (window === USUAL_WINDOW) return window;
    first ??= window;
  }
  return first;
}

/** All rows if there are no more than requested, which is known only once they are read; else buckets. */
async function readRows(
  reader: StoreReader,
  { series: { every = 0 }, range }: Part,
  { points, stepMs }: StatsQuery,
): Promise<Rows> {
  const thinned = async (): Promise<Rows> => {
    const least = points === 'all' ? 0 : bucketLength(range.from, range.to - 1, points);
    const lengthMs = Math.max(least, stepMs);
    return { kind: 'thinned', buckets: await reader.buckets(range, lengthMs), lengthMs };
  };
  if (every > 0 && every < stepMs) return thinned();
  if (points === 'all') return { kind: 'all', batches: reader.rows(range) };
  const read: StatsRow[][] = [];
  let count = 0;
  for await (const rows of reader.rows(range)) {
    read.push(rows);
    count += rows.length;
    if (count > points) return thinned();
  }
  return { kind: 'all', batches: oneByOne(read) };
}

async function* oneByOne(batches: StatsRow[][]): AsyncGenerator<StatsRow[]> {
  yield* batches;
}

async function* seriesRowsJson(series: Series, unitOf: UnitOf, rows: Rows): AsyncGenerator<string> {
  const { sensor, window, every, newest } = series;
  const thinned = rows.kind === 'thinned';
  const stepMs = thinned ? rows.lengthMs : every;
  const unit = unitOf(newest) ?? null;
  const head = { sensor, window, unit, step: stepMs === undefined ? null : stepMs / 1000, thinned };
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  const isGap = gapFinder(every === undefined ? undefined : Math.max(every, stepMs ?? 0));
  let separator = '';
  const listed = (json: string[]) => {
    const text = json.length === 0 ? '' : separator + json.join(',');
    if (text !== '') separator = ',';
    return text;
  };
  if (thinned) {
    yield listed(rows.buckets.map((bucket) => bucketJson(sensor, window, bucket, isGap(bucket.end))));
  } else {
    for await (const batch of rows.batches)
      yield listed(batch.map((row) => rowJson(row, isGap(Date.parse(row.end)))));
  }
  yield ']}';
}

async function* rowRecords({ series }: Part, rows: Rows, columns: readonly Column[]): AsyncGenerator<Row[]> {
  const names = columns.map(({ name }) => name);
  if (rows.kind === 'thinned') {
    yield rows.buckets.map((bucket) => bucketRecord(series, bucket));
    return;
  }
  for await (const batch of rows.batches) yield batch.map((row) => rowFields(row, names));
}

/** The fields of a row, and then rows and missing. */
function bucketRecord({ sensor, window }: Series, bucket: Bucket): Row {
  const { start, end, count, min, max, avg, rows, missing } = bucket;
  const times = [formatTime(start), formatTime(end)];
  return [sensor, window, ...times, ...[count, min, max, avg, rows, missing ?? ''].map(String)];
}
