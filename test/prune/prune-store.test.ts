/** How many rows go in one transaction. */

import { expect, it } from 'vitest';
import { parseKeepList } from '../../src/prune/keep-list.ts';
import { pruneStore, waitingText } from '../../src/prune/prune-store.ts';
import { spanOf } from '../../src/readings/row-span.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import type { StoreReader } from '../../src/stores/reader.ts';
import { hourly, statsRow } from '../stores/rows.ts';

const DAY = 86_400_000;

/** A day and its hours, all of them old, which come in batches of this length. */
function dayReader(batch: number): StoreReader {
  const hours = Array.from({ length: 24 }, (_, hour) => statsRow(hourly('attic', hour)));
  const day = statsRow('attic,1d,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,1440,1,1,1');
  const series = (window: string, newest: StatsRow) => {
    const { start, end } = spanOf(newest);
    return { sensor: 'attic', window, rows: 1, newest, from: start, to: end + DAY, every: undefined };
  };
  return {
    check: async () => {},
    series: async () => [series('1d', day), series('1h', hours[0] ?? day)],
    async *rows({ window }) {
      const rows = window === '1d' ? [day] : hours;
      for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch);
    },
    buckets: async () => [],
    watch: () => {},
    close: async () => {},
  };
}

it.each([
  [5, [5, 5, 5, 5, 4]],
  [24, [24]],
])(
  'rows go in transactions of the %i that are read at once, however many the longer row has',
  async (batch, sizes) => {
    const removed: number[] = [];
    const remove = async (rows: readonly StatsRow[]) => {
      removed.push(rows.length);
      return rows.length;
    };
    const settings = {
      keep: parseKeepList('1h=1h,1d=1y'),
      now: Date.UTC(2026, 0, 9),
      latest: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
    };
    for await (const pruned of pruneStore(dayReader(batch), remove, settings))
      expect(pruned).toMatchObject({ window: '1h', removed: 24, waiting: 0 });
    expect(removed).toEqual(sizes);
  },
);

it.each([
  [1, '"a" 1m: 1 row stays, since no row of 1h covers it'],
  [2, '"a" 1m: 2 rows stay, since no row of 1h covers them'],
])('says in words that %d stay', (waiting, text) => {
  expect(waitingText({ sensor: 'a', window: '1m', removed: 0, waiting, coarser: '1h', before: 0 })).toBe(
    text,
  );
});
