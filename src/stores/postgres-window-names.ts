/**
 * Renames windows of rows from older versions, in Postgres, to their canonical names: `60m` becomes `1h`.
 *
 * Only looks at the window names of sensors that get new rows: one query, by a skip scan over the primary key.
 */

import type { Client } from 'pg';
import type { StatsRow } from '../readings/stats-row.ts';
import { endFinder, MAX_RENAMED, renamingOf } from './renaming.ts';

const NAMES = `
WITH RECURSIVE every AS (
  SELECT asked.sensor, first."window" FROM unnest($1::text[]) AS asked (sensor) CROSS JOIN LATERAL (
    SELECT "window" FROM "stats" WHERE "sensor" = asked.sensor ORDER BY "window" LIMIT 1) AS first
  UNION ALL
  SELECT every.sensor, later."window" FROM every CROSS JOIN LATERAL (
    SELECT "window" FROM "stats" WHERE "sensor" = every.sensor AND "window" > every."window"
    ORDER BY "window" LIMIT 1) AS later
) SELECT sensor, "window" FROM every`;

/** The end of the row at an offset; none when there are fewer rows. */
const END =
  'SELECT "end" FROM "stats" WHERE "sensor" = $1 AND "window" = $2 ORDER BY "end" LIMIT 1 OFFSET $3::bigint';

/** The rows of a sensor ($1) and window ($2) with these ends ($4), or up to this end. */
const KEYS = 'old."sensor" = $1 AND old."window" = $2 AND old."end" = ANY ($4::timestamptz[])';
const UP_TO = 'old."sensor" = $1 AND old."window" = $2 AND old."end" <= $4::timestamptz';

/**
 * A column of the canonically named row ($3) with the key of an old row. A subquery instead of a join: before ANALYZE,
 * a join would compare all pairs.
 */
const named = (column: string) => `(SELECT named.${column} FROM "stats" AS named
  WHERE named."sensor" = $1 AND named."window" = $3 AND named."end" = old."end")`;

/** Deletes old rows that lose to canonically named ones, then named ones that lose, and renames the rest. */
const statements = (old: string): readonly [string, string, string] => [
  `DELETE FROM "stats" AS old WHERE ${old} AND ${named('"count"')} >= old."count"`,
  `DELETE FROM "stats" WHERE ctid = ANY (ARRAY(SELECT ${named('ctid')} FROM "stats" AS old WHERE ${old}))`,
  `UPDATE "stats" AS old SET "window" = $3 WHERE ${old}`,
];

/**
 * Renames windows for the sensors of these rows, within the caller's transaction: of rows with the same keys, and of
 * the `MAX_RENAMED` oldest others.
 */
export async function renameWindows(client: Client, rows: readonly StatsRow[]): Promise<void> {
  const sensors = [...new Set(rows.map(({ sensor }) => sensor))];
  const { rows: found } = await client.query<{ sensor: string; window: string }>(NAMES, [sensors]);
  const renamings = found.flatMap(({ sensor, window }) => renamingOf(sensor, window) ?? []);
  if (renamings.length === 0) return;
  const endsOf = endFinder(rows);
  let left = MAX_RENAMED;
  for (const renaming of renamings) {
    const { sensor, window, name } = renaming;
    const keys = endsOf(renaming);
    if (keys.length > 0) await rename(client, KEYS, [sensor, window, name, keys]);
    if (left <= 0) continue;
    const { rows: ends } = await client.query<{ end: string }>(END, [sensor, window, String(left - 1)]);
    left -= await rename(client, UP_TO, [sensor, window, name, ends[0]?.end ?? 'infinity']);
  }
}

/** Of two rows with the same new key, the one with more readings stays. @returns the number of old rows */
async function rename(client: Client, old: string, values: (string | string[])[]): Promise<number> {
  const [lose, loseToOld, move] = statements(old);
  const lost = await client.query(lose, values);
  await client.query(loseToOld, values);
  const moved = await client.query(move, values);
  return (lost.rowCount ?? 0) + (moved.rowCount ?? 0);
}
