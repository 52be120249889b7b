import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadRows, Failure, type Status, status } from '../../src/failure.ts';
import { Spool } from '../../src/files/spool.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import { SpooledStore } from '../../src/stores/spooled-store.ts';
import type { Store } from '../../src/stores/store.ts';
import { privateFolder } from '../harness.ts';
import { hourly, readCsv, statsRow } from './rows.ts';

function rows(...sensors: string[]): StatsRow[] {
  return sensors.map((sensor) => statsRow(hourly(sensor, 0)));
}

async function opened() {
  const folder = join(await privateFolder(), 'spool');
  const state: { status: Status; now: number; asked: number } = { status: status.ok, now: 0, asked: 0 };
  const stored: string[] = [];
  const failures: string[] = [];
  const reminders: string[] = [];
  const inner: Store = {
    async upsert(batch) {
      state.asked += 1;
      if (state.status !== status.ok) throw new Failure(state.status, 'no');
      stored.push(...batch.map(({ sensor }) => sensor));
      return { inserted: batch.length, replaced: 0, kept: 0, refused: [] };
    },
    async close() {},
  };
  const store = new SpooledStore(inner, new Spool(folder, { waitMs: 0 }, () => state.now), {
    read: async (path) => readCsv(path).map((row) => statsRow(Object.values(row).join(','))),
    fail: ({ message, status: code }) => failures.push(`${code} ${message}`),
    remind: (message, isDue) => reminders.push(`${isDue ? 'due' : 'known'} ${message}`),
    now: () => state.now,
  });
  const waiting = async () => (await readdir(folder)).filter((name) => name.endsWith('.csv')).length;
  return { inner, folder, state, stored, failures, reminders, store, waiting };
}

describe('a spooled store', () => {
  it('tries a store that was down again after half a minute, what waits first', async () => {
    const { folder, state, stored, failures, store, waiting } = await opened();
    state.status = status.temporary;
    await store.upsert(rows('a'), 'more');
    await store.upsert(rows('b'), 'more');
    state.status = status.ok;
    state.now = 29_999;
    await store.upsert(rows('c'), 'more');
    expect([state.asked, stored, await waiting()]).toEqual([1, [], 3]);
    state.now = 30_000;
    expect(await store.upsert(rows('d'), 'more')).toEqual({ inserted: 1, replaced: 0, kept: 0, refused: [] });
    expect(stored).toEqual(['a', 'b', 'c', 'd']);
    expect(failures).toEqual([`75 no: rows are kept in ${folder}`]);
  });

  it('says each time that the store goes down, once', async () => {
    const { state, failures, store } = await opened();
    for (const code of [status.temporary, status.temporary, status.ok, status.io, status.io]) {
      state.status = code;
      state.now += 30_000;
      await store.upsert(rows('a'), 'more');
    }
    expect(failures.map((failure) => failure.slice(0, 5))).toEqual(['75 no', '74 no']);
  });

  it.each([
    ['may not be used', status.unavailable],
    ['has no room', status.io],
    ['is busy', status.temporary],
  ])('lets rows wait for a store that %s', async (_, code) => {
    const { folder, state, stored, failures, store, waiting } = await opened();
    state.status = code;
    await store.upsert(rows('a'), 'more');
    state.now += 30_000;
    await store.drain('more');
    expect([failures, await waiting()]).toEqual([[`${code} no: rows are kept in ${folder}`], 1]);
    state.status = status.ok;
    await store.drain('more');
    expect([stored, await waiting(), failures.length]).toEqual([['a'], 0, 1]);
  });

  it('puts aside rows that are bad, those that come and those that wait, and names them', async () => {
    const { folder, inner, state, stored, failures, reminders, store, waiting } = await opened();
    state.status = status.temporary;
    await store.upsert(rows('bad', 'a'), 'more');
    state.status = status.ok;
    const { upsert } = inner;
    inner.upsert = async (batch, onConflict) => {
      const refused = batch.filter(({ sensor }) => sensor === 'bad');
      const outcome = await upsert(
        batch.filter((row) => !refused.includes(row)),
        onConflict,
      );
      return outcome && { ...outcome, refused: refused.map((row) => ({ row, failure: new BadRows('no') })) };
    };
    state.now += 30_000;
    expect(await store.upsert(rows('b', 'bad', 'bad'), 'more')).toMatchObject({ inserted: 1, refused: [] });
    expect([stored, await waiting()]).toEqual([['a', 'b'], 0]);
    const aside = (await readdir(folder))
      .filter((name) => name.endsWith('.refused') && name[0] !== '.')
      .sort();
    const paths = aside.map((name) => join(folder, name));
    const send = (path: string) =>
      `put aside; to send again with the next run: mv ${path} ${path.replace('.refused', '')}`;
    expect(failures.slice(1)).toEqual([
      `69 no: 1 row is ${send(paths[0] ?? '')}`,
      `69 no: 2 rows are ${send(paths[1] ?? '')}`,
    ]);
    expect(readCsv(paths[1] ?? '').map(({ sensor }) => sensor)).toEqual(['bad', 'bad']);
    await store.drain('more');
    state.now += 24 * 3600 * 1000;
    await store.drain('more');
    const all = `${folder}: 2 files of bad rows are put aside; to send them again with the next run: for f in ${folder}/*.csv.refused; do mv "$f" "\${f%.refused}"; done`;
    expect(reminders).toEqual([`known ${all}`, `due ${all}`]);
  });

  it('keeps the rows when a bug or a signal ends the work', async () => {
    const { inner, stored, store, waiting } = await opened();
    inner.upsert = () => Promise.reject(new Error('SIGTERM'));
    await expect(store.upsert(rows('a'), 'more')).rejects.toThrow('SIGTERM');
    expect([stored, await waiting()]).toEqual([[], 1]);
  });
});
