/** The contract of all readers of stores, with rows loaded by the real program. */

import { describe, expect, it, onTestFinished } from 'vitest';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { formatTime, parseTime } from '../../src/readings/time.ts';
import type { Bucket } from '../../src/stats/bucket.ts';
import { openReader } from '../../src/stores/open.ts';
import type { Range, Series, StoreReader } from '../../src/stores/reader.ts';
import type { StoreSettings } from '../../src/stores/store.ts';
import { run, until } from '../harness.ts';
import { seeded } from '../random.ts';
import { csv, HEADER, hourly } from './rows.ts';

const HOUR = 3_600_000;
const NEW_YEAR = Date.UTC(2026, 0, 1);
/** All hourly rows of the attic. */
export const ALL: Range = { sensor: 'attic', window: '1h', from: -Infinity, to: Infinity };

export const testSettings: StoreSettings = {
  waitMs: 10_000,
  timeoutMs: 30_000,
  token: undefined,
  signal: new AbortController().signal,
};

export function testReader(address: string): Promise<StoreReader> {
  return openReader(address, testSettings);
}

export async function allRows(reader: StoreReader, range: Range = ALL): Promise<StatsRow[]> {
  const all: StatsRow[] = [];
  for await (const rows of reader.rows(range)) all.push(...rows);
  return all;
}

export function readerContract(name: string, newAddress: () => Promise<string>): void {
  describe(`reader: ${name}`, () => {
    async function opened() {
      const address = await newAddress();
      const reader = await testReader(address);
      onTestFinished(() => reader.close());
      const load = async (...lines: string[]) => {
        const end = await run('load-stats', ['--to', address], { stdin: csv(...lines) });
        expect(end).toMatchObject({ status: 0, stderr: '' });
      };
      const ends = async (range: Partial<Range>) =>
        (await allRows(reader, { ...ALL, ...range })).map(({ end }) => end);
      return { reader, load, ends };
    }

    it('is empty before anything is loaded', async () => {
      const { reader, ends } = await opened();
      expect([await reader.series(), await ends({}), await reader.buckets(ALL, HOUR)]).toEqual([[], [], []]);
    });

    it('lists the series by sensor and window, with their newest rows', async () => {
      const { reader, load } = await opened();
      const hours = [3, 0, 2, 1, 9].map((hour) => hourly('attic', hour, 50 + hour));
      await load(HEADER, ...hours, hourly('', 0), hourly('<b>ö', 1), hourly('attic', 4).replace('1h', 'all'));
      const series = await reader.series();
      expect(series.map(({ sensor, window, rows, every }) => [sensor, window, rows, every])).toEqual([
        ['', '1h', 1, undefined],
        ['<b>ö', '1h', 1, undefined],
        ['attic', '1h', 5, HOUR],
        ['attic', 'all', 1, undefined],
      ]);
      expect(series[2]).toMatchObject({ from: NEW_YEAR + HOUR, to: NEW_YEAR + 10 * HOUR });
      expect(series[2]?.newest).toEqual({
        sensor: 'attic',
        window: '1h',
        start: '2026-01-01T09:00:00Z',
        end: '2026-01-01T10:00:00Z',
        count: 59,
        min: '20.5',
        max: '21.75',
        avg: '21.125',
        extra: new Map(),
      });
    });

    it('lists them page by page, or those of one sensor', async () => {
      const { reader, load } = await opened();
      const names = ['', 'a', 'a b', 'b\u0301', 'ö'];
      await load(HEADER, ...names.flatMap((name) => [hourly(name, 0), hourly(name, 0).replace('1h', 'all')]));
      const keysOf = (series: readonly Series[]) => series.map(({ sensor, window }) => `${sensor} ${window}`);
      const all = keysOf(await reader.series());
      expect(all).toEqual(names.flatMap((name) => [`${name} 1h`, `${name} all`]));
      const paged: string[] = [];
      for (let after: Series | undefined; ; ) {
        const page = await reader.series({ after, most: 3 });
        paged.push(...keysOf(page));
        after = page.at(-1);
        if (page.length < 3) break;
      }
      expect(paged).toEqual(all);
      expect(keysOf(await reader.series({ sensor: 'a' }))).toEqual(['a 1h', 'a all']);
      const after = { sensor: 'a', window: '1h' };
      expect(keysOf(await reader.series({ sensor: 'a', after }))).toEqual(['a all']);
      expect(keysOf(await reader.series({ sensor: '' }))).toEqual([' 1h', ' all']);
      expect(await reader.series({ sensor: 'no' })).toEqual([]);
      expect(await reader.series({ after: { sensor: 'ö', window: 'all' } })).toEqual([]);
    });

    it('can be checked, with rows and before there are any', async () => {
      const { reader, load } = await opened();
      await reader.check();
      await load(HEADER, hourly('attic', 0));
      await reader.check();
    });

    it('takes further columns of any name, such as those that databases have for themselves', async () => {
      const { reader, load } = await opened();
      const names = [
        'rowid',
        '_rowid_',
        'oid',
        'rows',
        'last',
        'total',
        '__proto__',
        'constructor',
        'n o',
        'every',
      ];
      const header = [HEADER, ...names].join();
      const values = (from: number) => names.map((_, at) => String(from + at)).join();
      await load(header, `${hourly('attic', 0)},${values(100)}`);
      expect((await reader.series()).map(({ rows }) => rows)).toEqual([1]);
      await load(header, `${hourly('attic', 1)},${values(7)}`, `${hourly('b', 1)},${values(3)}`);
      expect((await reader.series()).map(({ rows }) => rows)).toEqual([2, 1]);
      expect((await allRows(reader)).map(({ extra }) => [...extra])).toEqual(
        [100, 7].map((from) => names.map((name, at) => [name, String(from + at)])),
      );
    });

    it('keeps units and times as they are written, also in a store without such columns until then', async () => {
      const { reader, load } = await opened();
      await load(HEADER, hourly('attic', 0), hourly('attic', 1));
      const cells = [
        ['', ''],
        ['1', '1969-12-31T23:59:59.250Z'],
        ['°C', '2026-01-01T01:59:59Z'],
        ['%', ''],
        ['"', '2026-01-01T04:00:00Z'],
      ];
      const quoted = cells.map((each) => each.map((cell) => `"${cell.replaceAll('"', '""')}"`));
      const lines = quoted.map((each, hour) => [hourly('attic', hour, 60 + hour), ...each].join());
      // The column is numeric at first.
      await load(`${HEADER},unit,last_time`, ...lines.slice(0, 2));
      await load(`${HEADER},unit,last_time`, ...lines.slice(2));
      expect((await allRows(reader)).map(({ extra }) => [extra.get('unit'), extra.get('last_time')])).toEqual(
        cells,
      );
    });

    it('sees what is loaded while it is open', async () => {
      const { reader, load } = await opened();
      const counts = async () =>
        (await reader.series()).map(({ sensor, rows, newest }) => `${sensor} ${rows} ${newest.count}`);
      await load(HEADER, hourly('attic', 1));
      expect(await counts()).toEqual(['attic 1 60']);
      await load(HEADER, hourly('attic', 1, 61), hourly('attic', 0), hourly('cellar', 0));
      expect(await counts()).toEqual(['attic 2 61', 'cellar 1 60']);
      await load(`${HEADER},p95`, `${hourly('attic', 2)},21.5`);
      expect(await counts()).toEqual(['attic 3 60', 'cellar 1 60']);
      expect((await allRows(reader)).map(({ extra }) => [...extra])).toEqual([
        [['p95', '']],
        [['p95', '']],
        [['p95', '21.5']],
      ]);
    });

    it('gives the rows that end in a range, by their ends', async () => {
      const { load, ends } = await opened();
      await load(HEADER, ...[2, 0, 1].map((hour) => hourly('attic', hour)), hourly('attics', 0));
      const hours = ['2026-01-01T01:00:00Z', '2026-01-01T02:00:00Z', '2026-01-01T03:00:00Z'];
      expect(await ends({})).toEqual(hours);
      expect(await ends({ from: NEW_YEAR + 2 * HOUR })).toEqual(hours.slice(1));
      expect(await ends({ to: NEW_YEAR + 2 * HOUR })).toEqual(hours.slice(0, 1));
      expect(await ends({ from: NEW_YEAR + 2 * HOUR, to: NEW_YEAR + 2 * HOUR + 1 })).toEqual(
        hours.slice(1, 2),
      );
      expect(await ends({ from: NEW_YEAR + 2 * HOUR + 1 })).toEqual(hours.slice(2));
      expect(await ends({ sensor: 'no' })).toEqual([]);
    });

    it('gives more rows than fit on a page', async () => {
      const { load, ends } = await opened();
      const hours = Array.from({ length: 5100 }, (_, hour) => hourly('attic', hour));
      await load(HEADER, ...hours);
      expect(await ends({})).toEqual(hours.map((line) => line.split(',')[3]));
    });

    it('agrees with a plain count on ends within seconds, any range and any length', async () => {
      const { reader, load } = await opened();
      const random = seeded(7);
      const below = (most: number) => Math.floor(random() * most);
      const times = new Set(
        Array.from({ length: 300 }, () => NEW_YEAR + 100 * below(100) + 20_000 * below(4)),
      );
      const lines = [...times].map((end, at) => {
        const start = formatTime(end - below(5000));
        const missing = at % 3 === 0 ? '' : String(below(9));
        return `attic,1h,${start},${formatTime(end)},${1 + below(60)},${-below(9)},${below(9)}.5,0.25,${missing}`;
      });
      await load(`${HEADER},missing`, ...lines);
      const rows = lines.map((line) => line.split(','));
      for (let time = 0; time < 60; time++) {
        const from = NEW_YEAR - 1000 + 100 * below(800) + below(2);
        const range = { ...ALL, from, to: from + 50 * below(2000) };
        const inside = rows.filter(([, , , end]) => endOf(end) >= range.from && endOf(end) < range.to);
        inside.sort(([, , , a], [, , , b]) => endOf(a) - endOf(b));
        expect((await allRows(reader, range)).map(({ end }) => end)).toEqual(
          inside.map(([, , , end]) => end),
        );
        const length = [100, 700, 1000, 5000, 60_000][time % 5] ?? 1;
        expect(rounded(await reader.buckets(range, length))).toEqual(rounded(plainBuckets(inside, length)));
      }
    });

    it('tells of changes until it is closed', async () => {
      const { reader, load } = await opened();
      let changes = 0;
      reader.watch(() => {
        changes += 1;
      });
      await load(HEADER, hourly('attic', 0));
      await until(() => changes > 0, 'told of the first row');
      const before = changes;
      await load(HEADER, hourly('attic', 0, 61));
      await until(() => changes > before, 'told of a row that was replaced');
      await reader.close();
      const last = changes;
      await load(HEADER, hourly('attic', 1));
      expect(changes).toBe(last);
    });
  });
}

function endOf(text = ''): number {
  return parseTime(text) ?? Number.NaN;
}

function plainBuckets(rows: readonly (readonly string[])[], length: number): Bucket[] {
  const stretches = new Map<number, (readonly string[])[]>();
  for (const row of rows) {
    const at = Math.floor(endOf(row[3]) / length);
    stretches.set(at, [...(stretches.get(at) ?? []), row]);
  }
  return [...stretches.values()].map((some) => {
    const column = (at: number) => some.map((row) => row[at] ?? '');
    const numbers = (at: number) => column(at).map(Number);
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    const missing = column(8).filter((text) => text !== '');
    return {
      start: Math.min(...column(2).map(endOf)),
      end: Math.max(...column(3).map(endOf)),
      rows: some.length,
      count: sum(numbers(4)),
      min: Math.min(...numbers(5)),
      max: Math.max(...numbers(6)),
      avg: 0.25,
      missing: missing.length === 0 ? undefined : sum(missing.map(Number)),
    };
  });
}

function rounded(buckets: readonly Bucket[]): Bucket[] {
  return buckets.map((bucket) => ({ ...bucket, avg: Math.round(bucket.avg * 1e9) / 1e9 }));
}
