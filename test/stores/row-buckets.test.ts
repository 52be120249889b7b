import { describe, expect, it } from 'vitest';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { bucketList, bucketOf } from '../../src/stores/row-buckets.ts';

const MINUTE = 60_000;

/** The row of the nth minute. */
function row(n: number, extra: Record<string, string> = {}): StatsRow {
  const time = (at: number) => new Date(at * MINUTE).toISOString();
  return {
    ...{ sensor: 'attic', window: '1m', start: time(n), end: time(n + 1) },
    ...{ count: 6, min: '1', max: '3', avg: '2', extra: new Map(Object.entries(extra)) },
  };
}

describe('the bucket of a row', () => {
  it('has its times and numbers', () => {
    const bucket = { start: 0, end: MINUTE, rows: 1, count: 6, min: 1, max: 3, avg: 2, missing: 4 };
    expect(bucketOf(row(0, { missing: '4' }))).toEqual(bucket);
  });

  it('starts where it ends when its start is not known', () => {
    expect(bucketOf({ ...row(0), start: '' })).toMatchObject({ start: MINUTE, end: MINUTE });
  });

  it.each(['', ' ', 'many', 'Infinity'])(
    'says nothing of missing readings where the row says %j',
    (missing) => {
      expect(bucketOf(row(0, { missing })).missing).toBeUndefined();
    },
  );
});

it('buckets hold the rows whose ends fall into the same length of time', () => {
  const list = bucketList(5 * MINUTE);
  for (const n of [0, 3, 4, 7, 40]) list.add(bucketOf(row(n)));
  expect(list.buckets.map(({ rows, start, end }) => [rows, start / MINUTE, end / MINUTE])).toEqual([
    [2, 0, 4],
    [2, 4, 8],
    [1, 40, 41],
  ]);
});
