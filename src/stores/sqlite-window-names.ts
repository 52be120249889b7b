/**
 * Gives rows of older versions, in a SQLite database, the one names of their windows: `60m` becomes `1h`.
 *
 * Only sensors of which rows come are looked at, by their names of windows and not by their rows: a step through the primary
 * key for each.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../databases/identifier.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';
import { fitColumns, onConflictClause, type StoredColumn } from './row-to-sql.ts';

const NEXT =
  'SELECT "window" AS window FROM "stats" WHERE "sensor" = ? AND "window" > ? ORDER BY "window" LIMIT 1';

const REMOVE = 'DELETE FROM "stats" WHERE "sensor" = ? AND "window" = ?';

/** Renames the windows of these rows' sensors, within the caller's transaction. @param columns those of the table */
export function renameWindows(
  database: DatabaseSyncInstance,
  columns: readonly StoredColumn[],
  rows: readonly StatsRow[],
): void {
  const next = database.prepare(NEXT);
  // No window is empty.
  for (const sensor of new Set(rows.map((row) => row.sensor)))
    for (let window: string = next.get(sensor, '')?.window; window !== undefined; ) {
      const name = windowName(window);
      if (name !== window) rename(database, columns, { sensor, window, name });
      window = next.get(sensor, window)?.window;
    }
}

/** Of two rows that come to have one key, the one of more readings stays. As new rows they are counted anew by readers. */
function rename(
  database: DatabaseSyncInstance,
  columns: readonly StoredColumn[],
  { sensor, window, name }: { readonly sensor: string; readonly window: string; readonly name: string },
): void {
  const names = columns.map((column) => column.name);
  const values = names.map((column) => (column.toLowerCase() === 'window' ? '?' : identifier(column)));
  const write = `INSERT INTO "stats" (${names.map(identifier).join(', ')})
    SELECT ${values.join(', ')} FROM "stats" WHERE "sensor" = ? AND "window" = ?
    ${onConflictClause(fitColumns(columns, names))} WHERE excluded."count" > "stats"."count"`;
  database.prepare(write).run(name, sensor, window);
  database.prepare(REMOVE).run(sensor, window);
}
