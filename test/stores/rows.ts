/** Stats rows for tests, and the contents of stores. */

import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { parse } from 'csv-parse/sync';
import { isRejection, parseStatsRow, type StatsRow } from '../../src/readings/stats-row.ts';

export const HEADER = 'sensor,window,start,end,count,min,max,avg';

/** The row of the `hour`th hour of 2026. */
export function hourly(sensor: string, hour: number, count = 60): string {
  const [start, end] = [hour, hour + 1].map((at) =>
    new Date(Date.UTC(2026, 0, 1, at)).toISOString().replace('.000', ''),
  );
  return `${sensor},1h,${start},${end},${count},20.5,21.75,21.125`;
}

/** Parses a line under `HEADER`. */
export function statsRow(line: string): StatsRow {
  const fields = line.split(',');
  const row = parseStatsRow(new Map(HEADER.split(',').map((name, at) => [name, fields[at] ?? ''])));
  if (isRejection(row)) throw new Error(row.detail);
  return row;
}

export function csv(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

export type Stored = Readonly<Record<string, string>>;

/** All rows of a SQLite store, with values as text; empty if there is no table. */
export function readSqlite(path: string): Stored[] {
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const table = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'stats'`).get();
    if (table === undefined) return [];
    return database.prepare('SELECT * FROM "stats" ORDER BY "sensor", "window", "end"').all().map(asText);
  } finally {
    database.close();
  }
}

export function readCsv(path: string): Stored[] {
  return existsSync(path) ? parse<Stored>(readFileSync(path), { columns: true }) : [];
}

/** A row of a table, with values as text. */
export function asText(row: Record<string, unknown>): Stored {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );
}
