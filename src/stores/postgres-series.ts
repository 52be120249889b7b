/**
 * Lists the series in Postgres without reading all rows, by a skip scan over the primary key. Counting millions of rows
 * is slow, so then slightly older counts are used.
 */

import type { Client } from 'pg';
import { elapsedMs } from '../async/clock.ts';
import { rowTimes, timeText } from './postgres-rows.ts';
import type { Series, SeriesKey, SeriesPart } from './reader.ts';
import { type Cells, cellColumns, rowFromCells } from './row-from-sql.ts';
import { LAST_ROWS, seriesFrom } from './series-from-rows.ts';

/** Counting that is slower than this is throttled to this share of the time. */
const QUICK_MS = 100;
const SHARE = 1 / 20;

/** The keys of series after $1 and $2; with `within`, of one sensor. At most $3, or all. */
const keys = (within: string) => `
WITH RECURSIVE every AS (
  (SELECT "sensor", "window" FROM "stats" WHERE ("sensor", "window") > ($1, $2) ${within}
    ORDER BY "sensor", "window" LIMIT 1)
  UNION ALL
  SELECT later."sensor", later."window" FROM every CROSS JOIN LATERAL (
    SELECT "sensor", "window" FROM "stats" WHERE ("sensor", "window") > (every."sensor", every."window") ${within}
    ORDER BY "sensor", "window" LIMIT 1) AS later
), keys AS (SELECT * FROM every LIMIT $3::bigint)`;

const ENDS = '"sensor" AS "sensor", "window" AS "window", "end" AS "end"';

const outermost = (columns: string, order: 'ASC' | 'DESC', most: number) => `
SELECT found.* FROM keys CROSS JOIN LATERAL (
  SELECT ${columns} FROM "stats" WHERE "sensor" = keys."sensor" AND "window" = keys."window"
  ORDER BY "end" ${order} LIMIT ${most}) AS found`;

const COUNTS = 'SELECT "sensor", "window", count(*) AS rows FROM "stats" GROUP BY "sensor", "window"';

type Counts = ReadonlyMap<string, number>;

type ListSeries = (client: Client, further: readonly string[], part: SeriesPart) => Promise<Series[]>;

/** @returns a function that lists the series of one database, and caches the counts between calls */
export function seriesLister(): ListSeries {
  let counts: Counts = new Map();
  let freshUntil = 0;
  const recount = async (client: Client) => {
    const begun = elapsedMs();
    counts = await countRows(client);
    const took = elapsedMs() - begun;
    freshUntil = elapsedMs() + (took < QUICK_MS ? 0 : took / SHARE);
  };
  return async (client, further, part) => {
    const read = (columns: string, order: 'ASC' | 'DESC', most: number) =>
      client.query<Cells>(...keysAnd(outermost(columns, order, most), part));
    const newest = (await read(cellColumns(further), 'DESC', 1)).rows.map((cells) =>
      rowTimes(rowFromCells(cells, further)),
    );
    const last = endsBySeries((await read(ENDS, 'DESC', LAST_ROWS)).rows);
    const first = endsBySeries((await read(ENDS, 'ASC', 1)).rows);
    // Recounts at the start of a list; a list of one sensor uses the last counts.
    const isDue = part.sensor === undefined && part.after === undefined && elapsedMs() >= freshUntil;
    if (isDue || newest.some((row) => !counts.has(seriesKey(row)))) await recount(client);
    return newest.map((row) => {
      const key = seriesKey(row);
      // The rows may have been removed since the first query.
      const ends = { first: first.get(key)?.[0] ?? row.end, last: last.get(key)?.toReversed() ?? [row.end] };
      return seriesFrom(row, ends, counts.get(key) ?? 0);
    });
  };
}

/** A query over the keys of the wanted series, with its values. */
function keysAnd(query: string, { sensor, after, most }: SeriesPart): [string, (string | null)[]] {
  // Sorts before the first series, because no window name is empty.
  const begin = after ?? { sensor: sensor ?? '', window: '' };
  const values = [begin.sensor, begin.window, most === undefined ? null : String(most)];
  return sensor === undefined
    ? [keys('') + query, values]
    : [keys('AND "sensor" = $4') + query, [...values, sensor]];
}

function endsBySeries(rows: readonly Cells[]): Map<string, string[]> {
  const series = new Map<string, string[]>();
  for (const { sensor, window, end } of rows) {
    const key = seriesKey({ sensor: String(sensor), window: String(window) });
    const known = series.get(key);
    if (known === undefined) series.set(key, [timeText(String(end))]);
    else known.push(timeText(String(end)));
  }
  return series;
}

async function countRows(client: Client): Promise<Counts> {
  const { rows } = await client.query<{ sensor: string; window: string; rows: string }>(COUNTS);
  return new Map(rows.map((group) => [seriesKey(group), Number(group.rows)]));
}

function seriesKey({ sensor, window }: SeriesKey): string {
  return JSON.stringify([sensor, window]);
}
