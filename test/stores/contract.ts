/** The contract of all stores: in process, or as a program where concurrency or abrupt ends matter. */

import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import loadStats from '../../src/tools/load-stats.ts';
import { ended, run, start } from '../harness.ts';
import { runHere } from '../in-process.ts';
import { sized } from '../thorough.ts';
import { csv, HEADER, hourly, type Stored } from './rows.ts';

export interface OpenedStore {
  readonly address: string;
  /** Its contents, sorted by key. */
  rows(): Stored[] | Promise<Stored[]>;
}

const good = { status: 0, stdout: '', stderr: '' };

export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`store: ${name}`, () => {
    async function opened() {
      const { address, rows } = await open();
      const load = (stdin: string, ...words: string[]) =>
        runHere(loadStats, ['--to', address, ...words], { stdin });
      const counts = async () => (await rows()).map(({ sensor, count }) => `${sensor} ${count}`);
      return { address, rows, load, counts };
    }

    it('inserts rows', async () => {
      const { load, rows } = await opened();
      expect(await load(csv(HEADER, hourly('attic', 0), hourly('cellar', 0)))).toMatchObject(good);
      expect(await rows()).toEqual([
        {
          sensor: 'attic',
          window: '1h',
          start: '2026-01-01T00:00:00Z',
          end: '2026-01-01T01:00:00Z',
          count: '60',
          min: '20.5',
          max: '21.75',
          avg: '21.125',
        },
        expect.objectContaining({ sensor: 'cellar' }),
      ]);
    });

    // README: "Running it again is safe."
    it('holds the same after the same rows again', async () => {
      const { load, rows } = await opened();
      const input = csv(HEADER, hourly('attic', 0), hourly('attic', 1));
      await load(input);
      const once = await rows();
      expect(await load(input)).toMatchObject(good);
      expect(await rows()).toEqual(once);
      expect(once).toHaveLength(2);
    });

    // README: "Rows are upserted by (sensor, window, end), one transaction per batch, in SQLite and Postgres
    // alike."
    it('keys rows by sensor, window and end', async () => {
      const { load, rows } = await opened();
      const row = hourly('a', 0);
      const others = [
        row.replace('a,', 'b,'),
        row.replace('1h', 'all'),
        row.replace('01:00:00Z', '02:00:00Z'),
      ];
      await load(csv(HEADER, row, ...others));
      expect(await rows()).toHaveLength(4);
      await load(csv(HEADER, row.replace('T00:00:00Z', 'T00:30:00Z')));
      expect(await rows()).toHaveLength(4);
    });

    // README: "A row never replaces one that counts more readings, unless `--on-conflict` says so."
    it('replaces a row by one of as many readings or more', async () => {
      const { load, counts } = await opened();
      for (const count of [60, 59, 61, 1]) await load(csv(HEADER, hourly('attic', 0, count)));
      expect(await counts()).toEqual(['attic 61']);
    });

    it('takes the later of two rows of as many readings', async () => {
      const { load, rows } = await opened();
      await load(csv(HEADER, hourly('attic', 0)));
      await load(csv(HEADER, hourly('attic', 0).replace('20.5', '19.5')));
      expect(await rows()).toMatchObject([{ min: '19.5' }]);
    });

    // README: "A row never replaces one that counts more readings, unless `--on-conflict` says so."
    it('replaces any row with --on-conflict replace', async () => {
      const { load, counts } = await opened();
      await load(csv(HEADER, hourly('attic', 0, 60)));
      expect(await load(csv(HEADER, hourly('attic', 0, 5)), '--on-conflict', 'replace')).toMatchObject(good);
      expect(await counts()).toEqual(['attic 5']);
    });

    it('replaces no row with --on-conflict skip', async () => {
      const { load, counts } = await opened();
      await load(csv(HEADER, hourly('attic', 0, 5)));
      expect(
        await load(csv(HEADER, hourly('attic', 0, 60), hourly('attic', 1)), '--on-conflict', 'skip'),
      ).toMatchObject(good);
      expect(await counts()).toEqual(['attic 5', 'attic 60']);
    });

    it('follows the same rule for a key that comes twice in one input', async () => {
      const { load, counts } = await opened();
      await load(csv(HEADER, ...[30, 60, 45].map((count) => hourly('attic', 0, count))));
      expect(await counts()).toEqual(['attic 60']);
      await load(
        csv(HEADER, ...[30, 60, 45].map((count) => hourly('attic', 0, count))),
        '--on-conflict',
        'replace',
      );
      expect(await counts()).toEqual(['attic 45']);
    });

    it('takes columns in any order', async () => {
      const { load, rows } = await opened();
      await load(
        csv(
          'avg,max,min,count,end,start,window,sensor',
          '2,3,1,60,2026-01-01T01:00:00Z,2026-01-01T00:00:00Z,1h,attic',
        ),
      );
      expect(await rows()).toMatchObject([{ sensor: 'attic', min: '1', max: '3', avg: '2', count: '60' }]);
    });

    it('takes one key for the same moment written in other ways', async () => {
      const { load, rows } = await opened();
      const ends = [
        '2026-01-01T01:00:00Z',
        '2026-01-01T02:00:00+01:00',
        '2025-12-31 20:00:00.000-0500',
        '1767229200',
      ];
      await load(csv(HEADER, ...ends.map((end) => `attic,all,,${end},7,1,3,2`)));
      expect(await rows()).toMatchObject([{ end: '2026-01-01T01:00:00Z', start: '' }]);
    });

    it('takes sensors of any name', async () => {
      const { load, rows } = await opened();
      const names = [
        '',
        ' blanks ',
        `'); DROP TABLE stats; --`,
        'Dachgeschoß 🌡 東',
        `a "quoted", name`,
        `o'clock`,
        'two\nlines',
        '{not json}',
      ];
      const fields = names.map((sensor) => [sensor, '1h', '', '2026-01-01T01:00:00Z', '60', '1', '3', '2']);
      const input = csv(HEADER) + stringify(fields);
      expect(await load(input)).toMatchObject(good);
      expect(await load(input)).toMatchObject(good);
      expect((await rows()).map(({ sensor }) => sensor).sort()).toEqual([...names].sort());
    });

    it('loads batches of any size', async () => {
      const { load, rows } = await opened();
      const input = csv(HEADER, ...Array.from({ length: 50 }, (_, hour) => hourly('attic', hour)));
      expect(await load(input, '--batch', '7')).toMatchObject(good);
      expect(await rows()).toHaveLength(50);
    });

    it('loses nothing of many writers at once', { tags: 'sized' }, async () => {
      const { address, rows } = await opened();
      const count = sized(6, 20);
      const writers = Array.from({ length: count }, (_, at) =>
        run('load-stats', ['--to', address, '--wait', '50s'], {
          stdin: csv(HEADER, hourly(`s${at}`, 0), hourly(`s${at}`, 1)),
        }),
      );
      for (const end of await Promise.all(writers)) expect(end).toMatchObject(good);
      expect(new Set((await rows()).map(({ sensor, end }) => `${sensor} ${end}`)).size).toBe(2 * count);
      expect(await rows()).toHaveLength(2 * count);
    });

    // README: "Running it again is safe."
    it('holds after kill -9 and another run what one run gives', async () => {
      const { address, load, rows } = await opened();
      const input = csv(HEADER, ...Array.from({ length: 3000 }, (_, hour) => hourly('attic', hour)));
      for (const enough of [1, 1000]) {
        const child = start('load-stats', ['--to', address, '--batch', '100']);
        const end = ended(child);
        child.stdin?.end(input);
        while (child.exitCode === null && (await rows()).length < enough) await sleep(5);
        child.kill('SIGKILL');
        await end;
        // Whole batches, the last of which may be shorter.
        expect((await rows()).length).toBeGreaterThanOrEqual(enough);
      }
      expect(await load(input)).toMatchObject(good);
      expect(await rows()).toHaveLength(3000);
    });
  });
}

/** For stores that report what happened to the rows, and show all columns. */
export function tableContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`store: ${name}`, () => {
    async function opened() {
      const { address, rows } = await open();
      const load = (stdin: string, ...words: string[]) =>
        runHere(loadStats, ['--to', address, ...words], { stdin });
      return { rows, load };
    }

    it('adds columns that it lacks, and leaves them empty in other rows', async () => {
      const { load, rows } = await opened();
      await load(csv(HEADER, hourly('attic', 0)));
      await load(csv(`${HEADER},p95,";--"`, `${hourly('attic', 1)},21.5,7`));
      await load(csv(HEADER, hourly('attic', 2)));
      expect(await rows()).toMatchObject([
        { p95: '', ';--': '' },
        { p95: '21.5', ';--': '7' },
        { p95: '', ';--': '' },
      ]);
    });

    it('replaces a row as a whole', async () => {
      const { load, rows } = await opened();
      await load(csv(`${HEADER},p95`, `${hourly('attic', 0)},21.5`));
      await load(csv(HEADER, hourly('attic', 0, 61)));
      expect(await rows()).toMatchObject([{ count: '61', p95: '' }]);
    });

    it('says how many rows it took with --verbose', async () => {
      const { load } = await opened();
      await load(csv(HEADER, hourly('attic', 0), hourly('attic', 1, 50)));
      const { stderr } = await load(
        csv(HEADER, hourly('attic', 0, 9), hourly('attic', 1), hourly('attic', 2)),
        '-v',
      );
      expect(stderr).toContain('1 inserted, 1 replaced, 1 kept\n');
      expect(stderr).toContain('load-stats: in all: 3 taken, 3 stored, 0 rejected, ');
    });
  });
}
