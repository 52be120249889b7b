import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeChartBuckets } from '../../src/plot/chart-bucket.ts';
import { ChartRows, type RowFilter } from '../../src/plot/chart-rows.ts';
import { usualRowDistance } from '../../src/plot/downsampler.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { formatTime } from '../../src/readings/time.ts';
import { seeded } from '../random.ts';
import { everything } from './row-filter.ts';

const MINUTE = 60_000;

/** The row of the nth minute. */
function minute(n: number, changes: Partial<StatsRow> = {}): StatsRow {
  return {
    sensor: 'attic',
    window: '1m',
    start: formatTime(n * MINUTE),
    end: formatTime((n + 1) * MINUTE),
    count: 6,
    min: String(n % 100),
    max: String(100 + (n % 100)),
    avg: String(50 + (n % 100)),
    extra: new Map(),
    ...changes,
  };
}

function collect(rows: Iterable<StatsRow>, wanted: Partial<RowFilter> = {}) {
  const chartRows = new ChartRows({ ...everything, ...wanted });
  for (const row of rows) chartRows.add(row);
  return chartRows.series();
}

describe('rows for a chart', () => {
  it('stand in the middle of their windows, and those of rolling windows at their ends', async () => {
    const [one] = await collect([minute(10)]);
    expect(one?.buckets[0]).toMatchObject({ first: 10.5 * MINUTE, last: 10.5 * MINUTE, end: 11 * MINUTE });
    const [other] = await collect([minute(10, { window: 'all' })]);
    expect(other?.buckets[0]).toMatchObject({ first: 11 * MINUTE, start: 10 * MINUTE });
    const [unknown] = await collect([minute(10, { start: '' })]);
    expect(unknown?.buckets[0]).toMatchObject({ first: 11 * MINUTE, start: 11 * MINUTE });
  });

  it('are of the sensors asked for, in their order, or of all by name', async () => {
    const rows = ['b', 'c', 'a'].map((sensor) => minute(1, { sensor }));
    const names = async (sensors: string[]) => (await collect(rows, { sensors })).map(({ sensor }) => sensor);
    expect(await names([])).toEqual(['a', 'b', 'c']);
    expect(await names(['c', 'x', 'a', 'c'])).toEqual(['c', 'a']);
  });

  it('are of one window', async () => {
    const rows = new ChartRows(everything);
    for (const window of ['1h', 'all', '1h', '1d']) rows.add(minute(1, { window }));
    expect([rows.window, [...rows.otherWindows]]).toEqual(['1h', ['all', '1d']]);
    expect((await rows.series())[0]?.buckets.length).toBe(1);
  });

  it('come by the names of sensors, in the order in which get-stats prints them', async () => {
    const names = ['\uff21', 'b', '\u{1f321}', 'a'];
    const series = await collect(names.map((sensor) => minute(1, { sensor })));
    expect(series.map(({ sensor }) => sensor)).toEqual(['a', 'b', '\uff21', '\u{1f321}']);
  });

  it('end after from, and at to or before', async () => {
    const rows = [0, 1, 2, 3].map((n) => minute(n));
    const [found] = await collect(rows, { from: 1 * MINUTE, to: 3 * MINUTE });
    expect(found?.buckets.map(({ end }) => end / MINUTE)).toEqual([2, 3]);
  });

  it('are the last ones, in whatever order they come', async () => {
    const rows = [5, 0, 9, 3, 8, 7].map((n) => minute(n));
    const [found] = await collect(rows, { lastMs: 3 * MINUTE });
    expect(found?.buckets.map(({ end }) => end / MINUTE)).toEqual([8, 9, 10]);
  });

  it('count once, even if they come twice; the one that counts more stays', async () => {
    const rows = [
      minute(1),
      minute(1, { count: 2, max: '999' }),
      minute(1, { count: 7, max: '500' }),
      minute(1, { count: 3 }),
    ];
    expect((await collect(rows))[0]?.buckets).toMatchObject([{ rows: 1, count: 7, max: 500 }]);
  });

  it('that are too large for any picture are left out, and counted', async () => {
    const rows = new ChartRows(everything);
    for (const max of ['1e301', '9'.repeat(400), '300']) rows.add(minute(1, { max }));
    expect([rows.tooLarge, (await rows.series())[0]?.buckets[0]?.max]).toEqual([2, 300]);
  });

  it('are shown with the digits that they have', async () => {
    const rows = new ChartRows(everything);
    rows.add(minute(1, { min: '1.5', max: '21.250', avg: '11.12345678901' }));
    expect((await rows.series())[0]?.digits).toEqual({ value: 3, average: 5 });
  });

  it('are mergeChartBuckets when there are many, and keep what a chart shows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8000, max: 40_000 }), fc.integer(), async (count, seed) => {
        const rows = shuffled(
          Array.from({ length: count }, (_, n) => minute(n)),
          seed,
        );
        const [found] = await collect(rows);
        const buckets = found?.buckets ?? [];
        expect(buckets.length).toBeLessThanOrEqual(8192);
        expect(buckets.length).toBeGreaterThan(2000);
        expect(buckets.reduce(mergeChartBuckets)).toMatchObject({
          first: 0.5 * MINUTE,
          last: (count - 0.5) * MINUTE,
          start: 0,
          end: count * MINUTE,
          rows: count,
          count: 6 * count,
          min: 0,
          max: 199,
        });
        expect(usualRowDistance(buckets)).toBeCloseTo(MINUTE);
        expect(found?.newest.end).toBe(count * MINUTE);
      }),
      { numRuns: 10 },
    );
  });

  it('have the usual distance of most of them', async () => {
    const distance = async (...minutes: number[]) =>
      usualRowDistance((await collect(minutes.map((n) => minute(n))))[0]?.buckets ?? []);
    expect(await distance(5)).toBeUndefined();
    expect(await distance(0, 5)).toBe(5 * MINUTE);
    expect(await distance(0, 1, 2, 90, 91)).toBe(MINUTE);
  });
});

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seeded(seed);
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}
