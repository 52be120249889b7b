/**
 * The series of a SQLite database, found without reading its rows: by skipping through the primary key. Rows are counted
 * once, then only those that came since: a row that is replaced keeps its rowid, and a new one gets the highest. When rows
 * were deleted, the number of all rows tells, which is quickly read; then they are counted again.
 */

import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import type { Series } from './reader.ts';
import { LAST_ROWS, seriesFrom } from './series-from-rows.ts';
import { outermostRows, type Table } from './sqlite-rows.ts';

interface Key {
  readonly sensor: string;
  readonly window: string;
}

interface Counts {
  /** The highest rowid that was counted; 0 without rowids. */
  readonly last: number;
  readonly total: number;
  readonly rows: ReadonlyMap<string, number>;
}

const NEXT_KEY =
  'SELECT "sensor" AS sensor, "window" AS window FROM "stats" WHERE ("sensor", "window") > (?, ?) ORDER BY "sensor", "window" LIMIT 1';
const ALL = 'SELECT (SELECT max(rowid) FROM "stats") AS last, (SELECT count(*) FROM "stats") AS total';
const ADDED =
  'SELECT "sensor" AS sensor, "window" AS window, count(*) AS rows FROM "stats" WHERE rowid > ? AND rowid <= ? GROUP BY 1, 2';
const COUNT = 'SELECT count(*) AS rows FROM "stats" WHERE "sensor" = ? AND "window" = ?';

/** @returns a function that lists the series of one database; it keeps the counts between calls */
export function seriesLister(): (table: Table) => Promise<Series[]> {
  let counts: Counts | undefined;
  return async (table) => {
    const yieldToEventLoop = eventLoopYielder();
    const keys: Key[] = [];
    for (const key of seriesKeys(table)) {
      keys.push(key);
      await yieldToEventLoop();
    }
    const added = counts && withAdded(table, counts);
    const known = added && haveKeys(added, keys) ? added : await countAll(table, keys, yieldToEventLoop);
    counts = known;
    const series: Series[] = [];
    for (const key of keys) {
      const described = describe(table, key, known.rows.get(keyText(key)) ?? 0);
      if (described !== undefined) series.push(described);
      await yieldToEventLoop();
    }
    return series;
  };
}

function* seriesKeys({ database }: Table): Generator<Key> {
  const next = database.prepare(NEXT_KEY);
  // This sorts before the first series, since no window is empty.
  let key: Key | undefined = { sensor: '', window: '' };
  for (;;) {
    key = next.get(key.sensor, key.window);
    if (key === undefined) return;
    yield key;
  }
}

/** The counts with newer rows added; undefined when that is not all that changed, such as when rows are gone. */
function withAdded(table: Table, { last, total, rows }: Counts): Counts | undefined {
  const { database } = table;
  if (!hasRowids(table)) return undefined;
  const now = allRows(table);
  const sum = new Map(rows);
  let added = 0;
  const newer: readonly (Key & { rows: number })[] = database.prepare(ADDED).all(last, now.last);
  for (const group of newer) {
    const name = keyText(group);
    sum.set(name, (sum.get(name) ?? 0) + group.rows);
    added += group.rows;
  }
  return total + added === now.total ? { last: now.last, total: now.total, rows: sum } : undefined;
}

function haveKeys({ rows }: Counts, keys: readonly Key[]): boolean {
  return rows.size === keys.length && keys.every((key) => rows.has(keyText(key)));
}

async function countAll(
  table: Table,
  keys: readonly Key[],
  yieldToEventLoop: () => Promise<void>,
): Promise<Counts> {
  const withRowids = hasRowids(table);
  // Rows that come while it counts are left to the next time.
  const last = withRowids ? allRows(table).last : 0;
  const count = table.database.prepare(withRowids ? `${COUNT} AND rowid <= ?` : COUNT);
  const rows = new Map<string, number>();
  let total = 0;
  for (const key of keys) {
    const { rows: counted } = count.get(key.sensor, key.window, ...(withRowids ? [last] : []));
    rows.set(keyText(key), counted);
    total += counted;
    await yieldToEventLoop();
  }
  return { last, total, rows };
}

function hasRowids({ database }: Table): boolean {
  const list = `SELECT 1 FROM pragma_table_list('stats') WHERE schema = 'main' AND type = 'table' AND wr = 0`;
  return database.prepare(list).get() !== undefined;
}

function allRows({ database }: Table): { last: number; total: number } {
  const { last, total } = database.prepare(ALL).get();
  return { last: last ?? 0, total };
}

/** Undefined when its rows have just gone. */
function describe(table: Table, { sensor, window }: Key, rows: number): Series | undefined {
  const [first] = outermostRows(table, [sensor, window], 'first', LAST_ROWS);
  return seriesFrom(first, outermostRows(table, [sensor, window], 'last', LAST_ROWS), rows);
}

function keyText({ sensor, window }: Key): string {
  return JSON.stringify([sensor, window]);
}
