/**
 * Renames windows of rows from older versions, in SQLite, to their canonical names: `60m` becomes `1h`.
 *
 * Only looks at the window names of sensors that get new rows, by a skip scan over the primary key.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { identifier } from '../databases/identifier.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { endFinder, MAX_RENAMED, type Renaming, renamingOf } from './renaming.ts';
import { fitColumns, onConflictClause, type StoredColumn } from './row-to-sql.ts';

const NEXT =
  'SELECT "window" AS window FROM "stats" WHERE "sensor" = ? AND "window" > ? ORDER BY "window" LIMIT 1';

/** The end of the row at an offset; none when there are fewer rows. */
const END =
  'SELECT "end" AS "end" FROM "stats" WHERE "sensor" = ? AND "window" = ? ORDER BY "end" LIMIT 1 OFFSET ?';

/** Sorts after all ends. */
const LAST = '\u{10ffff}';

/**
 * Renames windows for the sensors of these rows, within the caller's transaction: of rows with the same keys, and of
 * the `MAX_RENAMED` oldest others.
 *
 * @param columns of the table
 */
export function renameWindows(
  database: DatabaseSyncInstance,
  columns: readonly StoredColumn[],
  rows: readonly StatsRow[],
): void {
  const renamings = [...oldNames(database, new Set(rows.map((row) => row.sensor)))];
  if (renamings.length === 0) return;
  const endsOf = endFinder(rows);
  const renameKey = renamer(database, columns, '"end" = ?');
  const renameUpTo = renamer(database, columns, '"end" <= ?');
  const findEnd = database.prepare(END);
  let left = MAX_RENAMED;
  for (const renaming of renamings) {
    for (const end of endsOf(renaming)) renameKey(renaming, end);
    if (left <= 0) continue;
    const end: unknown = findEnd.get(renaming.sensor, renaming.window, left - 1)?.end;
    left -= renameUpTo(renaming, typeof end === 'string' ? end : LAST);
  }
}

function* oldNames(database: DatabaseSyncInstance, sensors: ReadonlySet<string>): Generator<Renaming> {
  const next = database.prepare(NEXT);
  // No window name is empty.
  for (const sensor of sensors)
    for (let window: string = next.get(sensor, '')?.window; window !== undefined; ) {
      const renaming = renamingOf(sensor, window);
      if (renaming !== undefined) yield renaming;
      window = next.get(sensor, window)?.window;
    }
}

/**
 * Of two rows with the same new key, the one with more readings stays. Renamed rows get new rowids, so readers count
 * them again.
 *
 * @param condition on the end @returns a function that renames rows, and returns their number
 */
function renamer(database: DatabaseSyncInstance, columns: readonly StoredColumn[], condition: string) {
  const names = columns.map((column) => column.name);
  const values = names.map((column) => (column.toLowerCase() === 'window' ? '?' : identifier(column)));
  const old = `"sensor" = ? AND "window" = ? AND ${condition}`;
  const write = database.prepare(`INSERT INTO "stats" (${names.map(identifier).join(', ')})
    SELECT ${values.join(', ')} FROM "stats" WHERE ${old}
    ${onConflictClause(fitColumns(columns, names))} WHERE excluded."count" > "stats"."count"`);
  const remove = database.prepare(`DELETE FROM "stats" WHERE ${old}`);
  return ({ sensor, window, name }: Renaming, end: string): number => {
    write.run(name, sensor, window, end);
    return Number(remove.run(sensor, window, end).changes);
  };
}
