import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined } from '../../src/plot/chart-bucket.ts';
import { Collection, type Wanted } from '../../src/plot/chart-rows.ts';
import { usualDistance } from '../../src/plot/downsampler.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { formatTime } from '../../src/readings/time.ts';
import { seeded } from '../random.ts';
import { all } from './row-filter.ts';

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

function collect(rows: Iterable<StatsRow>, wanted: Partial<Wanted> = {}) {
  const collection = new Collection({ ...all, ...wanted });
  for (const row of rows) collection.add(row);
  return collection.collected();
}

describe('rows for a chart', () => {
  it('stand in the middle of their windows, and those of rolling windows at their ends', () => {
    const [one] = collect([minute(10)]);
    expect(one?.stretches[0]).toMatchObject({ first: 10.5 * MINUTE, last: 10.5 * MINUTE, end: 11 * MINUTE });
    const [other] = collect([minute(10, { window: 'all' })]);
    expect(other?.stretches[0]).toMatchObject({ first: 11 * MINUTE, start: 10 * MINUTE });
    const [unknown] = collect([minute(10, { start: '' })]);
    expect(unknown?.stretches[0]).toMatchObject({ first: 11 * MINUTE, start: 11 * MINUTE });
  });

  it('are of the sensors asked for, in their order, or of all by name', () => {
    const rows = ['b', 'c', 'a'].map((sensor) => minute(1, { sensor }));
    const names = (sensors: string[]) => collect(rows, { sensors }).map(({ sensor }) => sensor);
    expect(names([])).toEqual(['a', 'b', 'c']);
    expect(names(['c', 'x', 'a', 'c'])).toEqual(['c', 'a']);
  });

  it('are of one window', () => {
    const collection = new Collection(all);
    for (const window of ['1h', 'all', '1h', '1d']) collection.add(minute(1, { window }));
    expect([collection.window, [...collection.otherWindows]]).toEqual(['1h', ['all', '1d']]);
    expect(collection.collected()[0]?.stretches.length).toBe(1);
  });

  it('end after from, and at to or before', () => {
    const rows = [0, 1, 2, 3].map((n) => minute(n));
    const [found] = collect(rows, { from: 1 * MINUTE, to: 3 * MINUTE });
    expect(found?.stretches.map(({ end }) => end / MINUTE)).toEqual([2, 3]);
  });

  it('are the last ones, in whatever order they come', () => {
    const rows = [5, 0, 9, 3, 8, 7].map((n) => minute(n));
    const [found] = collect(rows, { lastMs: 3 * MINUTE });
    expect(found?.stretches.map(({ end }) => end / MINUTE)).toEqual([8, 9, 10]);
  });

  it('count once, even if they come twice; the one that counts more stays', () => {
    const rows = [
      minute(1),
      minute(1, { count: 2, max: '999' }),
      minute(1, { count: 7, max: '500' }),
      minute(1, { count: 3 }),
    ];
    expect(collect(rows)[0]?.stretches).toMatchObject([{ rows: 1, count: 7, max: 500 }]);
  });

  it('that are too large for any picture are left out, and counted', () => {
    const collection = new Collection(all);
    for (const max of ['1e301', '9'.repeat(400), '300']) collection.add(minute(1, { max }));
    expect([collection.tooLarge, collection.collected()[0]?.stretches[0]?.max]).toEqual([2, 300]);
  });

  it('are shown with the digits that they have', () => {
    const collection = new Collection(all);
    collection.add(minute(1, { min: '1.5', max: '21.250', avg: '11.12345678901' }));
    expect(collection.collected()[0]?.digits).toEqual({ value: 3, average: 5 });
  });

  it('are joined when there are many, and keep what a chart shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8000, max: 40_000 }), fc.integer(), (count, seed) => {
        const rows = shuffled(
          Array.from({ length: count }, (_, n) => minute(n)),
          seed,
        );
        const [found] = collect(rows);
        const stretches = found?.stretches ?? [];
        expect(stretches.length).toBeLessThanOrEqual(8192);
        expect(stretches.length).toBeGreaterThan(2000);
        expect(stretches.reduce(joined)).toMatchObject({
          first: 0.5 * MINUTE,
          last: (count - 0.5) * MINUTE,
          start: 0,
          end: count * MINUTE,
          rows: count,
          count: 6 * count,
          min: 0,
          max: 199,
        });
        expect(usualDistance(stretches)).toBeCloseTo(MINUTE);
        expect(found?.newest.end).toBe(count * MINUTE);
      }),
      { numRuns: 10 },
    );
  });

  it('have the usual distance of most of them', () => {
    const distance = (...minutes: number[]) =>
      usualDistance(collect(minutes.map((n) => minute(n)))[0]?.stretches ?? []);
    expect(distance(5)).toBeUndefined();
    expect(distance(0, 5)).toBe(5 * MINUTE);
    expect(distance(0, 1, 2, 90, 91)).toBe(MINUTE);
  });
});

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seeded(seed);
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}
