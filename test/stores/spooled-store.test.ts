import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure, NotSetUp, type Status, status } from '../../src/failure.ts';
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
  const inner: Store = {
    async upsert(batch) {
      state.asked += 1;
      if (state.status !== status.ok) throw new Failure(state.status, 'no');
      stored.push(...batch.map(({ sensor }) => sensor));
      return { inserted: batch.length, replaced: 0, kept: 0 };
    },
    async close() {},
  };
  const store = new SpooledStore(inner, new Spool(folder, { waitMs: 0 }, () => state.now), {
    read: async (path) => readCsv(path).map((row) => statsRow(Object.values(row).join(','))),
    fail: ({ message, status: code }) => failures.push(`${code} ${message}`),
    now: () => state.now,
  });
  const waiting = async () => (await readdir(folder)).filter((name) => name.endsWith('.csv')).length;
  return { inner, folder, state, stored, failures, store, waiting };
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
    expect(await store.upsert(rows('d'), 'more')).toEqual({ inserted: 1, replaced: 0, kept: 0 });
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

  it('puts aside rows that are refused, and lets them wait for a store that is not set up', async () => {
    const { folder, inner, failures, store, waiting } = await opened();
    inner.upsert = () => Promise.reject(new NotSetUp('no certificate'));
    await store.upsert(rows('a'), 'more');
    expect([failures, await waiting()]).toEqual([[`69 no certificate: rows are kept in ${folder}`], 1]);
    inner.upsert = () => Promise.reject(new Failure(status.unavailable, 'no'));
    await store.drain('more');
    expect([failures.length, await waiting()]).toEqual([2, 0]);
  });

  it('keeps the rows when a bug or a signal ends the work', async () => {
    const { inner, stored, store, waiting } = await opened();
    inner.upsert = () => Promise.reject(new Error('SIGTERM'));
    await expect(store.upsert(rows('a'), 'more')).rejects.toThrow('SIGTERM');
    expect([stored, await waiting()]).toEqual([[], 1]);
  });
});
