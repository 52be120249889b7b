/** Rows that older versions stored under window names as given, such as `60m` for `1h`. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/stores/open.ts';
import { run } from '../harness.ts';
import type { OpenedStore } from './contract.ts';
import { ALL, allRows, testReader, testSettings } from './reader-contract.ts';
import { csv, HEADER, hourly, type Stored, statsRow } from './rows.ts';

/** An hourly row under another name of its window. */
export const under = (name: string, ...row: Parameters<typeof hourly>) =>
  hourly(...row).replace(',1h,', `,${name},`);

/** A store with these rows, each under the window name in its line. */
export type OpenOldStore = (...lines: string[]) => Promise<OpenedStore>;

/** The lines with names that load-stats accepts; `UNMARK` restores the true ones. */
export function marked(lines: readonly string[]): string {
  return csv(HEADER, ...lines.map((line, at) => line.replace(/,(\w+),/, `,row ${100_000 + at} $1,`)));
}

export const UNMARK = `UPDATE stats SET "window" = substr("window", 12)`;

const shown = (rows: readonly Stored[]) =>
  rows.map(({ sensor, window, end, count }) => `${sensor} ${window} ${end?.slice(11, 13)} ${count}`).sort();

export function oldNamesContract(name: string, open: OpenOldStore): void {
  describe(`${name}: old names of windows`, () => {
    const lines = [
      under('60m', 'attic', 0),
      under('60m', 'attic', 1, 50),
      under('60m', 'attic', 2, 60),
      under('PT1H', 'attic', 2, 59),
      under('1h', 'attic', 1, 60),
      under('1h', 'attic', 3, 12),
      under('rolling', 'attic', 3),
      under('24h', 'attic', 3),
      under('3600s', 'cellar', 0),
    ];

    it('are read as one, the row of more readings for each end', async () => {
      const { address } = await open(...lines);
      const reader = await testReader(address);
      onTestFinished(() => reader.close());
      const series = await reader.series();
      expect(series.map(({ sensor, window, newest }) => `${sensor} ${window} ${newest.window}`)).toEqual([
        'attic 1h 1h',
        'attic 24h 24h',
        'attic rolling rolling',
        'cellar 1h 1h',
      ]);
      const hour = (at: number) => Date.UTC(2026, 0, 1, at);
      expect(series[0]).toMatchObject({ from: hour(1), to: hour(4), newest: { count: 12 } });
      const rows = await allRows(reader);
      expect(rows.map(({ window, count }) => `${window} ${count}`)).toEqual([
        '1h 60',
        '1h 60',
        '1h 60',
        '1h 12',
      ]);
      const part = await allRows(reader, { sensor: 'attic', window: '1h', from: hour(2), to: hour(4) });
      expect(part.map(({ count }) => count)).toEqual([60, 60]);
      const day = await reader.buckets(
        { sensor: 'attic', window: '1h', from: hour(0), to: hour(9) },
        86_400_000,
      );
      expect(day).toMatchObject([{ rows: 4, count: 192 }]);
      const cellar = { sensor: 'cellar', window: '1h', from: hour(0), to: hour(9) };
      expect(await reader.buckets(cellar, 86_400_000)).toMatchObject([{ rows: 1, count: 60 }]);
    });

    it('are renamed when rows of the sensor are loaded, none doubled and none lost', async () => {
      const { address, rows } = await open(...lines);
      const end = await run('load-stats', ['--to', address, '-v'], {
        stdin: csv(HEADER, under('PT60M', 'attic', 3, 11), under('60m', 'attic', 4)),
      });
      expect(end.stderr).toContain('1 inserted, 0 replaced, 1 kept');
      // A file is rewritten as a whole.
      const cellar = address.endsWith('.csv') ? 'cellar 1h 01 60' : 'cellar 3600s 01 60';
      const expected = [
        ...['attic 1h 01 60', 'attic 1h 02 60', 'attic 1h 03 60', 'attic 1h 04 12', 'attic 1h 05 60'],
        ...['attic 24h 04 60', 'attic rolling 04 60', cellar],
      ];
      expect(shown(await rows())).toEqual(expected);
    });

    it('are read by the same reader before and after they are renamed', async () => {
      const { address } = await open(under('60m', 'attic', 0), under('PT1H', 'attic', 1));
      const reader = await testReader(address);
      onTestFinished(() => reader.close());
      const read = async () => {
        const range = { sensor: 'attic', window: '1h', from: 0, to: Date.UTC(2027, 0) };
        const [day] = await reader.buckets(range, 86_400_000);
        return [(await allRows(reader, range)).length, day?.rows];
      };
      await reader.series();
      expect(await read()).toEqual([2, 2]);
      await run('load-stats', ['--to', address], { stdin: csv(HEADER, under('1h', 'attic', 2)) });
      expect(await read()).toEqual([3, 3]);
      await reader.series();
      expect(await read()).toEqual([3, 3]);
    });

    it('are read to the end while they are renamed', async () => {
      const hours = Array.from({ length: 2500 }, (_, hour) => under('60m', 'attic', hour));
      const { address } = await open(...hours);
      const reader = await testReader(address);
      onTestFinished(() => reader.close());
      await reader.series();
      const ends: string[] = [];
      for await (const rows of reader.rows(ALL)) {
        if (ends.length === 0)
          await run('load-stats', ['--to', address], { stdin: csv(HEADER, under('1h', 'attic', 0)) });
        ends.push(...rows.map(({ end }) => end));
      }
      expect([ends.length, new Set(ends).size, ends.toSorted()]).toEqual([2500, 2500, ends]);
    });

    it('lose to the one name where they count as many readings', async () => {
      const min = (row: string, value: string) => row.replace(',20.5,', `,${value},`);
      const { address, rows } = await open(
        min(under('1h', 'attic', 0), '1'),
        min(under('60m', 'attic', 0), '2'),
        min(under('60m', 'attic', 1), '2'),
        min(under('PT1H', 'attic', 1), '3'),
        min(under('1h', 'attic', 1), '1'),
      );
      const reader = await testReader(address);
      onTestFinished(() => reader.close());
      await reader.series();
      expect((await allRows(reader)).map((row) => row.min)).toEqual(['1', '1']);
      await run('load-stats', ['--to', address], { stdin: csv(HEADER, under('24h', 'attic', 0)) });
      expect((await rows()).filter(({ window }) => window === '1h').map((row) => row.min)).toEqual([
        '1',
        '1',
      ]);
    });

    it('are removed by the one name', async () => {
      const { address, rows } = await open(...lines);
      expect(await run('prune-stats', ['--keep', '1h=1h', address])).toMatchObject({ status: 0, stderr: '' });
      expect(shown(await rows()).filter((row) => row.startsWith('attic'))).toEqual([
        ...['attic 1h 03 60', 'attic 1h 04 12', 'attic 24h 04 60', 'attic rolling 04 60'],
      ]);
    });

    it('are removed whole, as a trial says', async () => {
      const hours = Array.from({ length: 2500 }, (_, hour) => under('60m', 'attic', hour));
      const { address, rows } = await open(...hours, under('1h', 'attic', 100, 59));
      const keep = ['--keep', '1h=1h', address];
      const trial = await run('prune-stats', ['--dry-run', ...keep]);
      expect(trial.stdout).toContain('"attic" 1h: 2498 rows');
      expect(await run('prune-stats', keep)).toMatchObject({ status: 0, stderr: '' });
      expect(await rows()).toHaveLength(2);
    });
  });
}

/** A store whose table can be queried with SQL. */
export interface OpenedTable {
  readonly address: string;
  query(text: string): Stored[] | Promise<Stored[]>;
}

/** @param endOf SQL for the end of row `at`, that many minutes after the start of 2026 */
export function manyOldNamesContract(name: string, endOf: string, open: () => Promise<OpenedTable>): void {
  it(`${name}: many rows are renamed part by part, and are of the one name at once`, async () => {
    const { address, query } = await open();
    const minute = (at: number, count: number) =>
      csv(HEADER, `attic,1m,,${new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString()},${count},1,2,1`);
    const load = async (stdin: string, ...words: string[]) => {
      const { stderr } = await run('load-stats', ['--to', address, '-v', ...words], { stdin });
      return /\d+ inserted.*kept/.exec(stderr)?.[0];
    };
    const names = async () =>
      (await query('SELECT "window", count(*) AS rows FROM stats GROUP BY 1 ORDER BY 1')).map(
        ({ window, rows }) => `${window} ${rows}`,
      );
    await load(minute(-1, 60));
    await query(`INSERT INTO stats ("sensor", "window", "end", "count", "min", "max", "avg")
      WITH RECURSIVE ats (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM ats WHERE at < 5999)
      SELECT 'attic', '60s', ${endOf}, 60, 1, 2, 1 FROM ats`);
    const reader = await testReader(address);
    onTestFinished(() => reader.close());
    await reader.series();
    expect(await load(minute(5998, 61), '--on-conflict', 'skip')).toBe('0 inserted, 0 replaced, 1 kept');
    expect(await names()).toEqual(['1m 5002', '60s 999']);
    const end = Date.UTC(2026, 0, 1, 0, 4900);
    const rest = { sensor: 'attic', window: '1m', from: end, to: Infinity };
    expect(await allRows(reader, rest)).toHaveLength(1100);
    const store = await openStore(address, testSettings);
    onTestFinished(() => store.close());
    expect(await store.remove?.([statsRow(minute(5997, 60).split('\n')[1] ?? '')])).toBe(1);
    expect(await names()).toEqual(['1m 6000']);
  });
}
