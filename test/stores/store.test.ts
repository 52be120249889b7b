import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/stores/open.ts';
import { decide } from '../../src/stores/store.ts';
import { privateFolder } from '../harness.ts';
import { testReader } from './reader-contract.ts';
import { hourly, statsRow } from './rows.ts';

describe('decide', () => {
  it.each([
    ['more', undefined, 5, 'inserted'],
    ['more', 4, 5, 'replaced'],
    ['more', 5, 5, 'replaced'],
    ['more', 6, 5, 'kept'],
    ['replace', undefined, 5, 'inserted'],
    ['replace', 6, 5, 'replaced'],
    ['skip', undefined, 5, 'inserted'],
    ['skip', 4, 5, 'kept'],
  ] as const)('%s: stored %s, new %i: %s', (onConflict, stored, count, outcome) => {
    expect(decide(onConflict, stored, count)).toBe(outcome);
  });
});

describe.each(['stats.db', 'stats.csv'])('%s', (name) => {
  it('has at most 256 columns, and refuses rows with more', async () => {
    const address = join(await privateFolder(), name);
    const settings = {
      waitMs: 1000,
      timeoutMs: 1000,
      token: undefined,
      signal: new AbortController().signal,
    };
    const store = await openStore(address, settings);
    const load = (from: number, to: number) => {
      const extra = new Map(Array.from({ length: to - from }, (_, at) => [`c${from + at}`, '1']));
      return store.upsert([{ ...statsRow(hourly('attic', from)), extra }], 'more');
    };
    expect(await load(0, 240)).toMatchObject({ inserted: 1 });
    const { refused = [], ...counts } = (await load(239, 249)) ?? {};
    expect(counts).toEqual({ inserted: 0, replaced: 0, kept: 0 });
    expect(refused.map(({ row, failure }) => [row.end, failure.status, failure.message])).toEqual([
      ['2026-01-11T00:00:00Z', 65, `${address}: it would have 257 columns, more than 256`],
    ]);
    expect(await load(240, 248)).toMatchObject({ inserted: 1 });
    await store.close();
    const reader = await testReader(address);
    expect((await reader.series()).map(({ rows, newest }) => [rows, newest.extra.size])).toEqual([[2, 248]]);
    await reader.close();
  });
});
