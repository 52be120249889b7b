/**
 * A Postgres database: table `stats`, one row per key, created when missing.
 *
 * Numbers are NUMERIC, which keeps every digit, times are TIMESTAMPTZ, unknown values are NULL. An additional column is
 * NUMERIC, or TEXT once it gets a value that is not a number. An advisory lock serialises batches, so each is compared
 * with all committed rows. Changes are notified to listeners.
 */

import type { Client } from 'pg';
import { showAddress } from '../addresses/show.ts';
import { identifier } from '../databases/identifier.ts';
import { postgresConnection } from '../databases/postgres-connection.ts';
import { rowFields, rowKey, type StatsRow } from '../readings/stats-row.ts';
import { fitRows } from './fit-rows.ts';
import { type ReadyTable, readyTable, tableColumns } from './postgres-table.ts';
import { renameWindows } from './postgres-window-names.ts';
import { columnsOf, onConflictClause, sqlValues } from './row-to-sql.ts';
import { decide, type OnConflict, type Outcome, type Store, type StoreSettings } from './store.ts';

/** The channel for notifications of changes. */
export const CHANNEL = 'etlutils_stats';
/** The advisory lock of a batch: an arbitrary number, the same in all processes. */
const BATCH_LOCK = 7_355_608;

const COUNTS = `
SELECT asked.at, stored."count"
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS asked ("sensor", "window", "end", at)
JOIN "stats" stored USING ("sensor", "window", "end")`;

const REMOVE = `
DELETE FROM "stats" AS stored
USING unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[]) AS gone ("sensor", "window", "end", "count")
WHERE (stored."sensor", stored."window", stored."end") = (gone."sensor", gone."window", gone."end")
  AND stored."count" <= gone."count"`;

export default function openPostgres(address: string, settings: StoreSettings): Store {
  const { transaction, close } = postgresConnection(address, settings);
  return {
    upsert: (rows, onConflict) =>
      transaction((client) => upsertRows(client, showAddress(address), rows, onConflict)),
    remove: (rows) => transaction((client) => removeRows(client, rows)),
    close: async () => close(),
  };
}

async function upsertRows(
  client: Client,
  address: string,
  given: readonly StatsRow[],
  onConflict: OnConflict,
): Promise<Outcome> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [BATCH_LOCK]);
  const stored = (await tableColumns(client)).map(({ name }) => name);
  const { fitting: rows, refused } = fitRows({ address, columns: stored, foldsCase: true }, given);
  const columns = columnsOf(rows);
  const valuesOf = (some: readonly StatsRow[]) =>
    some.map((row) => sqlValues(rowFields(row, columns), columns));
  const all = transposed(valuesOf(rows), columns.length);
  const table = await readyTable(client, columns, (at) => all[at] ?? []);
  await renameWindows(client, given);
  const { outcome, winners } = decideAll(rows, await storedCounts(client, rows), onConflict);
  if (winners.length > 0 && (await write(client, table, transposed(valuesOf(winners), columns.length))) > 0)
    await client.query('SELECT pg_notify($1, $2)', [CHANNEL, '']);
  return { ...outcome, refused };
}

async function removeRows(client: Client, rows: readonly StatsRow[]): Promise<number> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [BATCH_LOCK]);
  await renameWindows(client, rows);
  const { rowCount } = await client.query(REMOVE, [...keysOf(rows), rows.map(({ count }) => count)]);
  if ((rowCount ?? 0) > 0) await client.query('SELECT pg_notify($1, $2)', [CHANNEL, '']);
  return rowCount ?? 0;
}

/** The keys of rows, by column. */
function keysOf(rows: readonly StatsRow[]): (string | null)[][] {
  return transposed(
    rows.map(({ sensor, window, end }) => [sensor, window, end]),
    3,
  );
}

/** The counts of stored rows with the keys of these, by row key. */
async function storedCounts(client: Client, rows: readonly StatsRow[]): Promise<Map<string, number>> {
  const { rows: found } = await client.query<{ at: string; count: string }>(COUNTS, keysOf(rows));
  const counts = new Map<string, number>();
  for (const { at, count } of found) {
    const row = rows[Number(at) - 1];
    if (row !== undefined) counts.set(rowKey(row), Number(count));
  }
  return counts;
}

/** The outcome of the rows in order, and the last row of each key that replaces the stored one. */
function decideAll(rows: readonly StatsRow[], counts: Map<string, number>, onConflict: OnConflict) {
  const outcome = { inserted: 0, replaced: 0, kept: 0 };
  const winners = new Map<string, StatsRow>();
  for (const row of rows) {
    const key = rowKey(row);
    const what = decide(onConflict, counts.get(key), row.count);
    outcome[what] += 1;
    if (what === 'kept') continue;
    winners.set(key, row);
    counts.set(key, row.count);
  }
  return { outcome, winners: [...winners.values()] };
}

/** Inserts and replaces rows. @param values by column @returns the number of changed rows */
async function write(
  client: Client,
  table: ReadyTable,
  values: readonly (readonly (string | null)[])[],
): Promise<number> {
  const names = table.targets.map(identifier);
  const fields = table.types.map((type, at) => `CAST(field${at} AS ${type})`);
  const arrays = names.map((_, at) => `$${at + 1}::text[]`);
  const text = (table: string, name: string) => `CAST(${table}.${name} AS text)`;
  const before = [
    ...names.map((name) => text('stored', name)),
    ...table.erased.map((name) => text('stored', identifier(name))),
  ];
  const after = [...names.map((name) => text('excluded', name)), ...table.erased.map(() => 'NULL')];
  const { rowCount } = await client.query(
    `INSERT INTO "stats" AS stored (${names.join(', ')}) SELECT ${fields.join(', ')}
     FROM unnest(${arrays.join(', ')}) AS given (${names.map((_, at) => `field${at}`).join(', ')})
     ${onConflictClause(table)}
     WHERE (${before.join(', ')}) IS DISTINCT FROM (${after.join(', ')})`,
    [...values],
  );
  return rowCount ?? 0;
}

/** Transposes rows of values to columns. */
function transposed(rows: readonly (readonly (string | null)[])[], columns: number): (string | null)[][] {
  return Array.from({ length: columns }, (_, at) => rows.map((row) => row[at] ?? null));
}
