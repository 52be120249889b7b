/**
 * Lists the series in SQLite without reading all rows, by a skip scan over the primary key. Rows are counted once, then
 * only new ones: a replaced row keeps its rowid, a new one gets the highest. Deletions show in the total number of
 * rows, which is fast to read, and cause a recount. With very many series only the wanted ones are counted, each time.
 */

import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import { dataVersion } from '../databases/sqlite-connection.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { Series, SeriesKey, SeriesPart } from './reader.ts';
import { LAST_ROWS, seriesFrom } from './series-from-rows.ts';
import { outermostEnds, rowFinder, type Table } from './sqlite-rows.ts';

/** Maximum number of series with cached counts. */
const MAX_COUNTED = 20_000;

interface Counts {
  /** The database version of the counts. */
  readonly version: number;
  /** The highest counted rowid; 0 without rowids. */
  readonly last: number;
  readonly total: number;
  readonly rows: ReadonlyMap<string, number>;
}

/** A series without its number of rows. */
interface Described {
  readonly newest: StatsRow;
  readonly first: string;
  readonly last: readonly string[];
}

const NEXT_KEY =
  'SELECT "sensor" AS sensor, "window" AS window FROM "stats" WHERE ("sensor", "window") > (?, ?) ORDER BY "sensor", "window" LIMIT 1';
const NEXT_WINDOW =
  'SELECT "sensor" AS sensor, "window" AS window FROM "stats" WHERE "sensor" = ? AND "window" > ? ORDER BY "window" LIMIT 1';
const all = (rowid: string) =>
  `SELECT (SELECT max(${rowid}) FROM "stats") AS last, (SELECT count(*) FROM "stats") AS total`;
const added = (rowid: string) =>
  `SELECT "sensor" AS sensor, "window" AS window, count(*) AS rows FROM "stats" WHERE ${rowid} > ? AND ${rowid} <= ? GROUP BY 1, 2`;
const COUNT = 'SELECT count(*) AS rows FROM "stats" WHERE "sensor" = ? AND "window" = ?';

/** @returns a function that lists the series of one database, and caches the counts between calls */
export function seriesLister(): (table: Table, part: SeriesPart) => Promise<Series[]> {
  let counts: Counts | undefined;
  let counting: Promise<Counts | undefined> | undefined;
  let isCountable = true;
  const currentCounts = async (table: Table, keys: readonly SeriesKey[]): Promise<Counts | undefined> => {
    if (!isCountable) return undefined;
    const version = dataVersion(table.database);
    const known = counts?.version === version ? counts : counts && withAdded(table, counts, version);
    counts = known;
    if (known !== undefined && keys.every((key) => known.rows.has(keyText(key)))) return known;
    counting ??= countAll(table).finally(() => {
      counting = undefined;
    });
    counts = await counting;
    isCountable = counts !== undefined;
    return counts;
  };
  return async (table, part) => {
    const yieldToEventLoop = eventLoopYielder();
    const describe = describer(table);
    const found: Described[] = [];
    for (const key of seriesKeys(table, part)) {
      const described = describe(key);
      if (described !== undefined && found.push(described) === part.most) break;
      await yieldToEventLoop();
    }
    const known = await currentCounts(
      table,
      found.map(({ newest }) => newest),
    );
    const count = rowCounter(table, Number.MAX_SAFE_INTEGER);
    const series: Series[] = [];
    for (const { newest, ...ends } of found) {
      const rows = known?.rows.get(keyText(newest)) ?? count(newest);
      series.push(seriesFrom(newest, ends, rows));
      await yieldToEventLoop();
    }
    return series;
  };
}

/** The keys of the wanted series, without the limit on their number. */
function* seriesKeys({ database }: Table, { sensor, after }: SeriesPart): Generator<SeriesKey> {
  const next = database.prepare(sensor === undefined ? NEXT_KEY : NEXT_WINDOW);
  // Sorts before the first series, because no window name is empty.
  let key: SeriesKey | undefined = after ?? { sensor: sensor ?? '', window: '' };
  for (;;) {
    key = next.get(key.sensor, key.window);
    if (key === undefined) return;
    yield key;
  }
}

/** Adds newer rows to the counts; undefined when more has changed, such as after a deletion. */
function withAdded(table: Table, { last, total, rows }: Counts, version: number): Counts | undefined {
  const { database, rowid } = table;
  if (rowid === undefined) return undefined;
  const now = allRows(table, rowid);
  const sum = new Map(rows);
  let more = 0;
  const newer: readonly (SeriesKey & { rows: number })[] = database.prepare(added(rowid)).all(last, now.last);
  for (const group of newer) {
    const name = keyText(group);
    sum.set(name, (sum.get(name) ?? 0) + group.rows);
    more += group.rows;
  }
  const isAll = total + more === now.total && sum.size <= MAX_COUNTED;
  return isAll ? { version, last: now.last, total: now.total, rows: sum } : undefined;
}

/** Undefined when there are too many series. */
async function countAll(table: Table): Promise<Counts | undefined> {
  const yieldToEventLoop = eventLoopYielder();
  const version = dataVersion(table.database);
  // Rows added while counting are left to the next time.
  const last = table.rowid === undefined ? 0 : allRows(table, table.rowid).last;
  const rows = new Map<string, number>();
  let total = 0;
  const count = rowCounter(table, last);
  for (const key of seriesKeys(table, {})) {
    if (rows.size === MAX_COUNTED) return undefined;
    const counted = count(key);
    rows.set(keyText(key), counted);
    total += counted;
    await yieldToEventLoop();
  }
  return { version, last, total, rows };
}

/** @param last the highest rowid to count, if there are rowids */
function rowCounter({ database, rowid }: Table, last: number): (key: SeriesKey) => number {
  const [statement, values] =
    rowid === undefined
      ? [database.prepare(COUNT), []]
      : [database.prepare(`${COUNT} AND ${rowid} <= ?`), [last]];
  return ({ sensor, window }) => statement.get(sensor, window, ...values).rows;
}

function allRows({ database }: Table, rowid: string): { last: number; total: number } {
  const { last, total } = database.prepare(all(rowid)).get();
  return { last: last ?? 0, total };
}

/** @returns a function that describes a series; undefined when its rows were just removed */
function describer(table: Table): (key: SeriesKey) => Described | undefined {
  const lastEnds = outermostEnds(table, 'last', LAST_ROWS);
  const firstEnds = outermostEnds(table, 'first', LAST_ROWS);
  const findRow = rowFinder(table);
  return (key) => {
    const last = lastEnds(key);
    const [first] = firstEnds(key);
    const newest = findRow(key, last.at(-1) ?? '');
    return newest === undefined || first === undefined ? undefined : { newest, first, last };
  };
}

function keyText({ sensor, window }: SeriesKey): string {
  return JSON.stringify([sensor, window]);
}
