/** Queries ranges of stats rows in Postgres, as rows or as buckets. */

import type { Client } from 'pg';
import { identifier } from '../databases/identifier.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { formatTime, parseTime } from '../readings/time.ts';
import type { Bucket } from '../stats/bucket.ts';
import { tableColumns } from './postgres-table.ts';
import type { Range } from './reader.ts';
import { type Cells, cellColumns, checkColumns, furtherColumns, rowFromCells } from './row-from-sql.ts';

const PAGE = 2000;

export interface Table {
  /** The names of the additional columns. */
  readonly further: readonly string[];
  /** The column with the number of missing readings, quoted for SQL. */
  readonly missing: string | undefined;
}

/** The current table; undefined when there is none. @throws Failure (unavailable) for a table of another kind */
export async function findTable(client: Client): Promise<Table | undefined> {
  const columns = await tableColumns(client);
  if (columns.length === 0) return undefined;
  checkColumns(columns.map(({ name }) => name));
  const missing = columns.find(({ name, type }) => name.toLowerCase() === 'missing' && type !== 'text');
  return {
    further: furtherColumns(columns.map(({ name }) => name)),
    missing: missing && identifier(missing.name),
  };
}

const IN_RANGE = `"sensor" = $1 AND "window" = $2
  AND "end" >= to_timestamp($3::float8 / 1000) AND "end" < to_timestamp($4::float8 / 1000)`;

function rangeValues({ sensor, window, from, to }: Range): string[] {
  return [sensor, window, String(from), String(to)];
}

/**
 * A page of a range, ordered by end. @param after an end @returns its rows, and the end before the next page, if any
 */
export async function readPage(client: Client, { further }: Table, range: Range, after: string) {
  const { rows } = await client.query<Cells>(
    `SELECT ${cellColumns(further)} FROM "stats" WHERE ${IN_RANGE} AND "end" > $5::timestamptz
     ORDER BY "end" LIMIT ${PAGE}`,
    [...rangeValues(range), after],
  );
  const found = rows.map((cells) => rowFromCells(cells, further));
  return { rows: found.map(rowTimes), next: found.length < PAGE ? undefined : found.at(-1)?.end };
}

/** Converts the times of a row to RFC 3339. */
export function rowTimes(row: StatsRow): StatsRow {
  return { ...row, start: timeText(row.start), end: timeText(row.end) };
}

/** Converts from Postgres' format, `2026-11-21 10:04:00.5+00`; empty text stays empty. */
export function timeText(text: string): string {
  const whole = text.replace(' ', 'T').replace(/\+00$/, 'Z');
  const time = whole.includes('.') ? parseTime(whole) : undefined;
  return time === undefined ? whole : formatTime(time);
}

type BucketCells = Readonly<Record<keyof Bucket, string | null>>;

/** Buckets of this length, aligned to the epoch. */
const bucketQuery = (missing = 'NULL::numeric') => `
SELECT ${milliseconds('min(coalesce("start", "end"))')} AS start, ${milliseconds('max("end")')} AS "end",
  count(*) AS rows, sum("count") AS count, min("min") AS min, max("max") AS max,
  sum("avg"::float8 * "count") / sum("count") AS avg, sum(${missing}) AS missing
FROM "stats" WHERE ${IN_RANGE} AND "avg" IS NOT NULL
GROUP BY date_bin($5::float8 * interval '1 millisecond', "end", to_timestamp(0)) ORDER BY min("end")`;

function milliseconds(time: string): string {
  return `floor(extract(epoch FROM ${time}) * 1000)`;
}

/** The buckets of a range in one query, in time order. */
export async function readBuckets(
  client: Client,
  { missing }: Table,
  range: Range,
  lengthMs: number,
): Promise<Bucket[]> {
  const { rows } = await client.query<BucketCells>(bucketQuery(missing), [
    ...rangeValues(range),
    String(lengthMs),
  ]);
  return rows.map((cells) => ({
    start: Number(cells.start),
    end: Number(cells.end),
    rows: Number(cells.rows),
    count: Number(cells.count),
    min: Number(cells.min),
    max: Number(cells.max),
    avg: Number(cells.avg),
    missing: cells.missing === null ? undefined : Number(cells.missing),
  }));
}
