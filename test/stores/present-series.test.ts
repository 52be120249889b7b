import { describe, expect, it } from 'vitest';
import { formatTime } from '../../src/readings/time.ts';
import { presentSeries } from '../../src/stores/present-series.ts';
import type { Series, StoreReader } from '../../src/stores/reader.ts';
import { hourly, statsRow } from './rows.ts';

const HOUR = 3_600_000;
const NEW_YEAR = Date.UTC(2026, 0, 1);

/** A reader of hourly rows of one sensor, by the hours of the year; counts what it is asked. */
function readerOf(...hours: number[]) {
  const rows = hours.map((hour) => statsRow(hourly('attic', hour)));
  const ends = hours.map((hour) => NEW_YEAR + (hour + 1) * HOUR);
  const newest = rows.at(-1);
  const asked = { buckets: 0, rows: 0 };
  const reader: Pick<StoreReader, 'series' | 'rows' | 'buckets'> = {
    async series() {
      if (newest === undefined) return [];
      const [from = 0, to = 0] = [ends[0], ends.at(-1)];
      return [{ sensor: 'attic', window: '1h', rows: rows.length, newest, from, to, every: HOUR }];
    },
    async *rows({ from, to }) {
      asked.rows += 1;
      yield rows.filter((_, at) => (ends[at] ?? 0) >= from && (ends[at] ?? 0) < to);
    },
    async buckets({ from, to }) {
      asked.buckets += 1;
      const found = ends.filter((end) => end >= from && end < to);
      const end = Math.max(...found);
      const totals = { count: 1, min: 1, max: 1, avg: 1, rows: found.length, missing: undefined };
      return found.length === 0 ? [] : [{ start: end - HOUR, end, ...totals }];
    },
  };
  const present = async (latestHour: number) => {
    const all: Series[] = [];
    for await (const page of presentSeries(reader as StoreReader, NEW_YEAR + latestHour * HOUR))
      all.push(...page);
    return all.map(shown);
  };
  return { present, asked };
}

const shown = ({ to, newest }: Series) => [formatTime(to), newest.end];

describe('presentSeries', () => {
  it('leaves series as they are that have no rows ahead, at no cost', async () => {
    const { present, asked } = readerOf(0, 1, 2);
    expect(await present(2)).toEqual([['2026-01-01T03:00:00Z', '2026-01-01T03:00:00Z']]);
    expect(await present(Number.POSITIVE_INFINITY)).toHaveLength(1);
    expect(asked).toEqual({ buckets: 0, rows: 0 });
  });

  it('ends a series with its newest row that is not ahead, near or far', async () => {
    const { present, asked } = readerOf(0, 1, 2, 8000);
    expect(await present(1)).toEqual([['2026-01-01T02:00:00Z', '2026-01-01T02:00:00Z']]);
    expect(await present(2)).toEqual([['2026-01-01T03:00:00Z', '2026-01-01T03:00:00Z']]);
    expect(await present(7000)).toEqual([['2026-01-01T03:00:00Z', '2026-01-01T03:00:00Z']]);
    expect(asked.buckets).toBeLessThan(12);
  });

  it('leaves a series out that has no others', async () => {
    expect(await readerOf(8000, 8001).present(5)).toEqual([]);
    expect(await readerOf().present(5)).toEqual([]);
  });
});
