import { describe, expect, it } from 'vitest';
import { keepRows } from '../../src/dashboard/retention.ts';
import { Failure, status } from '../../src/failure.ts';
import { parseKeepList } from '../../src/prune/keep-list.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { formatTime } from '../../src/readings/time.ts';
import type { Series, StoreReader } from '../../src/stores/reader.ts';
import { nothingDone, type Store } from '../../src/stores/store.ts';
import { statsRow } from '../stores/rows.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 2);
const time = (minute: number) => formatTime(NOW - MINUTE * minute);

/** Rows of minutes, the last of which ends now, and of the hours that are given. */
function rowsOf(hours: readonly number[]): StatsRow[] {
  const row = (window: string, back: number, minutes: number) =>
    statsRow(`attic,${window},${time(back + minutes)},${time(back)},${minutes},1,1,1`);
  const minutes = Array.from({ length: 240 }, (_, at) => row('1m', 239 - at, 1));
  return [...hours.map((hour) => row('1h', hour * 60, 60)), ...minutes];
}

/** Serves these rows through `passes` hours. @param remove what removing does */
async function served(hours: readonly number[], passes: number, remove?: () => never) {
  let rows = rowsOf(hours);
  const said = { explained: [] as string[], warned: [] as string[], failed: [] as unknown[] };
  const ending = new AbortController();
  let now = NOW;
  let left = passes;
  const of = (window: string) => rows.filter((each) => each.window === window);
  const reader: StoreReader = {
    check: async () => {},
    series: async ({ after } = {}) =>
      ['1h', '1m'].flatMap((window): Series[] => {
        const ends = of(window).map(({ end }) => Date.parse(end));
        const newest = of(window).find(({ end }) => Date.parse(end) === Math.max(...ends));
        if (newest === undefined || after !== undefined) return [];
        const [from, to] = [Math.min(...ends), Math.max(...ends)];
        return [{ sensor: 'attic', window, rows: ends.length, newest, from, to, every: undefined }];
      }),
    async *rows({ window, from, to }) {
      yield of(window).filter(({ end }) => Date.parse(end) >= from && Date.parse(end) < to);
    },
    buckets: async () => [],
    watch() {},
    close: async () => {},
  };
  const store: Store = {
    upsert: async () => nothingDone,
    remove: async (gone) => {
      remove?.();
      rows = rows.filter((row) => !gone.includes(row));
      return gone.length;
    },
    close: async () => {},
  };
  await keepRows({
    ...{ reader, store, keep: parseKeepList('1m=1h,1h=1y'), signal: ending.signal, now: () => now },
    latest: () => Number.POSITIVE_INFINITY,
    explain: (message) => said.explained.push(message),
    warn: (message) => said.warned.push(message),
    failed: (error) => said.failed.push(error),
    pause: async (ms) => {
      if (ms < 60 * MINUTE) return;
      now += ms;
      left -= 1;
      if (left === 0) ending.abort();
    },
  });
  return { ...said, minutes: of('1m').length };
}

describe('old rows of a store that is served', () => {
  it('go at the start, when a longer window has them', async () => {
    const { explained, warned, minutes } = await served([3, 2, 1, 0], 1);
    expect(explained).toEqual([`"attic" 1m: 179 rows that end before ${time(60)} are removed`]);
    expect([warned, minutes]).toEqual([[], 61]);
  });

  it('stay while it has not, which is said once a day', async () => {
    const day = await served([3, 1, 0], 24);
    expect(day.minutes).toBe(121);
    expect(day.warned).toEqual(['"attic" 1m: 60 rows stay, since no row of 1h covers them']);
    expect((await served([3, 1, 0], 49)).warned).toHaveLength(3);
  });

  it('are tried again an hour after a failure', async () => {
    const failure = new Failure(status.temporary, 'stats.db: database is locked');
    const { failed, minutes } = await served([3, 2, 1, 0], 3, () => {
      throw failure;
    });
    expect([failed, minutes]).toEqual([[failure, failure, failure], 240]);
  });
});
