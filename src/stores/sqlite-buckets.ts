/**
 * Buckets of a SQLite database: one query per stretch of time, which reads its part of the primary key, or one for several
 * short stretches. Grouping rows by their times takes twice as long as reading them, but less than a query for every few
 * rows. It yields to other work in between.
 */

import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import { parseTime } from '../readings/time.ts';
import type { Bucket } from '../stats/bucket.ts';
import type { Range } from './reader.ts';
import { bucketList } from './row-buckets.ts';
import { IN_RANGE, rangeValues, type Table } from './sqlite-rows.ts';

/** The longest time that one query reads. */
const DAY_MS = 86_400_000;
/** Stretches up to this length are short. */
const SHORT_MS = 3_600_000;
/** Short stretches in one query. */
const SHORT_STRETCHES = 64;

/** The buckets of a range, by time. */
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
    // Where nothing ends for a while it skips to the next end.
    at = buckets.length === 0 ? nextEnd({ ...range, from: to }) : to;
    await yieldToEventLoop();
  }
  return list.buckets;
}

/** Times lose their Z, so that their texts sort in the order of time. */
const bucketColumns = (missing: string) => `
  min(rtrim("start", 'Z')) AS start, max(rtrim("end", 'Z')) AS "end", count(*) AS rows, sum("count") AS count,
  min("min") AS min, max("max") AS max, sum("avg" * "count") / sum("count") AS avg, ${missing} AS missing`;

/** A bucket as a query returns it; without rows all but `rows` are null. */
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
    // An end on the second sorts behind earlier ones within it.
    return end === undefined ? undefined : Math.max(range.from, Math.floor(end / 1000) * 1000);
  };
}
