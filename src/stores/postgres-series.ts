/**
 * The series of a Postgres database, found without reading its rows: by skipping through the primary key. Counting
 * millions of rows takes long; then the counts of some seconds ago are good enough.
 */

import type { Client } from 'pg';
import { elapsedMs } from '../async/clock.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { rowTimes } from './postgres-rows.ts';
import type { Series } from './reader.ts';
import { type Cells, cellColumns, rowFromCells } from './row-from-sql.ts';
import { LAST_ROWS, seriesFrom } from './series-from-rows.ts';

/** Counting that takes longer than this is not done each time, but takes at most this share of the time. */
const QUICK_MS = 100;
const SHARE = 1 / 20;

const KEYS = `
WITH RECURSIVE keys AS (
  (SELECT "sensor", "window" FROM "stats" ORDER BY "sensor", "window" LIMIT 1)
  UNION ALL
  SELECT later."sensor", later."window" FROM keys CROSS JOIN LATERAL (
    SELECT "sensor", "window" FROM "stats" WHERE ("sensor", "window") > (keys."sensor", keys."window")
    ORDER BY "sensor", "window" LIMIT 1) AS later
)`;

const outermost = (columns: string, order: 'ASC' | 'DESC', most: number) => `
${KEYS}
SELECT found.* FROM keys CROSS JOIN LATERAL (
  SELECT ${columns} FROM "stats" WHERE "sensor" = keys."sensor" AND "window" = keys."window"
  ORDER BY "end" ${order} LIMIT ${most}) AS found`;

const COUNTS = 'SELECT "sensor", "window", count(*) AS rows FROM "stats" GROUP BY "sensor", "window"';

type Counts = ReadonlyMap<string, number>;

/** @returns a function that lists the series of one database; it keeps the counts between calls */
export function seriesLister(): (client: Client, further: readonly string[]) => Promise<Series[]> {
  let counts: Counts = new Map();
  let freshUntil = 0;
  const recount = async (client: Client) => {
    const begun = elapsedMs();
    counts = await countRows(client);
    const took = elapsedMs() - begun;
    freshUntil = elapsedMs() + (took < QUICK_MS ? 0 : took / SHARE);
  };
  return async (client, further) => {
    const last = await outermostRows(client, further, 'DESC', LAST_ROWS);
    const first = await outermostRows(client, further, 'ASC', 1);
    if (elapsedMs() >= freshUntil || [...last.keys()].some((key) => !counts.has(key))) await recount(client);
    return [...last].flatMap(([key, rows]) => {
      const series = seriesFrom(first.get(key)?.[0], rows.toReversed(), counts.get(key) ?? 0);
      return series ?? [];
    });
  };
}

/** The first or the last rows of each series, by its key, in the order of the keys. */
async function outermostRows(
  client: Client,
  further: readonly string[],
  order: 'ASC' | 'DESC',
  most: number,
) {
  const { rows } = await client.query<Cells>(outermost(cellColumns(further), order, most));
  const series = new Map<string, StatsRow[]>();
  for (const cells of rows) {
    const row = rowTimes(rowFromCells(cells, further));
    const key = seriesKey(row);
    const known = series.get(key);
    if (known === undefined) series.set(key, [row]);
    else known.push(row);
  }
  return series;
}

async function countRows(client: Client): Promise<Counts> {
  const { rows } = await client.query<{ sensor: string; window: string; rows: string }>(COUNTS);
  return new Map(rows.map((group) => [seriesKey(group), Number(group.rows)]));
}

function seriesKey({ sensor, window }: { readonly sensor: string; readonly window: string }): string {
  return JSON.stringify([sensor, window]);
}
