/**
 * Aggregates rows of a SQLite database into buckets: one query per stretch of time over the primary key, or one for
 * several short stretches. Grouping by time takes twice as long as reading the rows, but less than a query for every
 * few rows. Yields to other work in between.
 */

import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import { parseTime } from '../readings/time.ts';
import type { Bucket } from '../stats/bucket.ts';
import type { Range } from './reader.ts';
import { bucketList } from './row-buckets.ts';
import { IN_RANGE, rangeValues, type Table } from './sqlite-rows.ts';

/** Maximum time range of a query. */
const DAY_MS = 86_400_000;
/** Stretches up to this length are short. */
const SHORT_MS = 3_600_000;
/** Number of short stretches per query. */
const SHORT_STRETCHES = 64;

/** The buckets of a range, in time order. */
export async function readBuckets(table: Table, range: Range, lengthMs: number): Promise<Bucket[]> {
  const read = bucketReader(table);
  const nextEnd = endFinder(table);
  const list = bucketList(lengthMs);
  const yieldToEventLoop = eventLoopYielder();
  const stretches = lengthMs <= SHORT_MS ? SHORT_STRETCHES : 1;
  let at = nextEnd(range);
  while (at !== undefined && at < range.to) {
    const stretchEnd = (Math.floor(at / lengthMs) + stretches) * lengthMs;
    const to = Math.min(stretchEnd, at + DAY_MS, range.to);
    const buckets = read({ ...range, from: at, to }, stretches > 1 ? lengthMs : DAY_MS);
    for (const bucket of buckets) list.add(bucket);
    // Skips gaps.
    at = buckets.length === 0 ? nextEnd({ ...range, from: to }) : to;
    await yieldToEventLoop();
  }
  return list.buckets;
}

/** Without the Z, times sort as text in time order. */
const bucketColumns = (missing: string) => `
  min(rtrim("start", 'Z')) AS start, max(rtrim("end", 'Z')) AS "end", count(*) AS rows, sum("count") AS count,
  min("min") AS min, max("max") AS max, sum("avg" * "count") / sum("count") AS avg, ${missing} AS missing`;

/** A bucket as returned by a query; without rows everything but `rows` is null. */
interface Cells extends Omit<Bucket, 'start' | 'end' | 'missing'> {
  readonly start: string | null;
  readonly end: string | null;
  readonly missing: number | null;
}

function bucketReader({ database, further }: Table): (range: Range, groupMs: number) => Bucket[] {
  const hasMissing = further.some((name) => name.toLowerCase() === 'missing');
  const columns = bucketColumns(hasMissing ? 'sum("missing")' : 'NULL');
  const all = `SELECT ${columns} FROM "stats" WHERE ${IN_RANGE} AND "avg" IS NOT NULL`;
  const single = database.prepare(all);
  const grouped = database.prepare(`${all} GROUP BY floor(unixepoch("end", 'subsec') * 1000 / ?) ORDER BY 2`);
  return (range, groupMs) => {
    const values = rangeValues(range);
    const found: readonly Cells[] =
      groupMs < DAY_MS ? grouped.all(...values, groupMs) : single.all(...values);
    return found.flatMap((cells) => bucketFrom(cells) ?? []);
  };
}

function bucketFrom(cells: Cells): Bucket | undefined {
  const end = parseTime(`${cells.end}Z`);
  if (end === undefined) return undefined;
  return { ...cells, start: parseTime(`${cells.start}Z`) ?? end, end, missing: cells.missing ?? undefined };
}

function endFinder({ database }: Table): (range: Range) => number | undefined {
  const statement = database.prepare(`SELECT "end" FROM "stats" WHERE ${IN_RANGE} ORDER BY "end" LIMIT 1`);
  return (range) => {
    const text: unknown = statement.get(...rangeValues(range))?.end;
    const end = typeof text === 'string' ? parseTime(text) : undefined;
    // `10:00:00Z` sorts after `10:00:00.500Z`, so start at the whole second.
    return end === undefined ? undefined : Math.max(range.from, Math.floor(end / 1000) * 1000);
  };
}
