/**
 * Buckets of a SQLite database: one query per stretch of time, which reads its part of the primary key. That takes half
 * as long as to group all rows by their times, and other work goes on in between.
 */

import { parseTime } from '../readings/time.ts';
import { bucketList } from './buckets.ts';
import type { Bucket, Range } from './reader.ts';
import { IN_RANGE, rangeValues, type Table } from './sqlite-rows.ts';
import { takingTurns } from './turns.ts';

/** The most that is read at once. */
const DAY_MS = 86_400_000;

export async function readBuckets(table: Table, range: Range, lengthMs: number): Promise<Bucket[]> {
  const read = bucketReader(table);
  const nextEnd = endFinder(table);
  const list = bucketList(lengthMs);
  const turns = takingTurns();
  let at = nextEnd(range);
  while (at !== undefined && at < range.to) {
    const stretchEnd = (Math.floor(at / lengthMs) + 1) * lengthMs;
    const to = Math.min(stretchEnd, at + DAY_MS, range.to);
    const bucket = read({ ...range, from: at, to });
    if (bucket !== undefined) list.add(bucket);
    // Where nothing ends for a while it need not look stretch by stretch.
    at = bucket === undefined ? nextEnd({ ...range, from: to }) : to;
    await turns();
  }
  return list.buckets;
}

/** Times without their Z, so that they compare as times. */
const bucketColumns = (missing: string) => `
  min(rtrim("start", 'Z')) AS start, max(rtrim("end", 'Z')) AS "end", count(*) AS rows, sum("count") AS count,
  min("min") AS min, max("max") AS max, sum("avg" * "count") / sum("count") AS avg, ${missing} AS missing`;

function bucketReader({ database, further }: Table): (range: Range) => Bucket | undefined {
  const hasMissing = further.some((name) => name.toLowerCase() === 'missing');
  const columns = bucketColumns(hasMissing ? 'sum("missing")' : 'NULL');
  const statement = database.prepare(
    `SELECT ${columns} FROM "stats" WHERE ${IN_RANGE} AND "avg" IS NOT NULL`,
  );
  return (range) => {
    const found = statement.get(...rangeValues(range));
    const end = parseTime(`${found.end}Z`);
    if (end === undefined) return undefined;
    return { ...found, start: parseTime(`${found.start}Z`) ?? end, end, missing: found.missing ?? undefined };
  };
}

function endFinder({ database }: Table): (range: Range) => number | undefined {
  const statement = database.prepare(`SELECT "end" FROM "stats" WHERE ${IN_RANGE} ORDER BY "end" LIMIT 1`);
  return (range) => {
    const text: unknown = statement.get(...rangeValues(range))?.end;
    const end = typeof text === 'string' ? parseTime(text) : undefined;
    // On the second it may not be the first one of its second.
    return end === undefined ? undefined : Math.max(range.from, Math.floor(end / 1000) * 1000);
  };
}
