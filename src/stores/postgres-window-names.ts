/**
 * Gives rows of older versions, in a Postgres database, the one names of their windows: `60m` becomes `1h`.
 *
 * Only sensors of which rows come are looked at, by their names of windows and not by their rows: one query, which steps
 * through the primary key.
 */

import type { Client } from 'pg';
import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';

const NAMES = `
WITH RECURSIVE every AS (
  SELECT asked.sensor, first."window" FROM unnest($1::text[]) AS asked (sensor) CROSS JOIN LATERAL (
    SELECT "window" FROM "stats" WHERE "sensor" = asked.sensor ORDER BY "window" LIMIT 1) AS first
  UNION ALL
  SELECT every.sensor, later."window" FROM every CROSS JOIN LATERAL (
    SELECT "window" FROM "stats" WHERE "sensor" = every.sensor AND "window" > every."window"
    ORDER BY "window" LIMIT 1) AS later
) SELECT sensor, "window" FROM every`;

/** The rows of a sensor ($1) and window ($2) that lose to those of its one name ($3); then those that lose to them. */
const LOSE = `
DELETE FROM "stats" AS old USING "stats" AS named
WHERE old."sensor" = $1 AND old."window" = $2 AND named."sensor" = $1 AND named."window" = $3
  AND named."end" = old."end" AND named."count" >= old."count"`;

const LOSE_TO_OLD = `
DELETE FROM "stats" AS named USING "stats" AS old
WHERE old."sensor" = $1 AND old."window" = $2 AND named."sensor" = $1 AND named."window" = $3
  AND named."end" = old."end"`;

const RENAME = 'UPDATE "stats" SET "window" = $3 WHERE "sensor" = $1 AND "window" = $2';

/** Renames the windows of these rows' sensors, within the caller's transaction. */
export async function renameWindows(client: Client, rows: readonly StatsRow[]): Promise<void> {
  const sensors = [...new Set(rows.map(({ sensor }) => sensor))];
  const { rows: found } = await client.query<{ sensor: string; window: string }>(NAMES, [sensors]);
  for (const { sensor, window } of found) {
    const name = windowName(window);
    if (name === window) continue;
    // Of two rows that come to have one key, the one of more readings stays.
    for (const text of [LOSE, LOSE_TO_OLD, RENAME]) await client.query(text, [sensor, window, name]);
  }
}
