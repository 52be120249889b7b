/** Which rows a longer window sums up, however they are cut into pages. */

import { describe, expect, it } from 'vitest';
import { Coverage, type Told } from '../../src/prune/coverage.ts';
import { parseKeepList } from '../../src/prune/keep-list.ts';
import { spanOf } from '../../src/readings/row-span.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';
import type { StoreReader } from '../../src/stores/reader.ts';
import { statsRow } from '../stores/rows.ts';

const START = Date.parse('2026-10-24T22:00:00Z');
const HOUR = 3_600_000;

/** A row of these hours since the start. */
function stretch(window: string, from: number, to: number, count: number): StatsRow {
  const time = (hours: number) => new Date(START + hours * HOUR).toISOString().replace('.000', '');
  return statsRow(`attic,${window},${time(from)},${time(to)},${count},1,1,1`);
}

/** Holds these rows, and counts how often each is read. */
function readerOf(rows: readonly StatsRow[]): { reader: StoreReader; read: string[] } {
  const read: string[] = [];
  const reader: StoreReader = {
    check: async () => {},
    series: async () => [],
    async *rows({ window, from, to }) {
      for (const each of rows)
        if (each.window === window && spanOf(each).end >= from && spanOf(each).end < to) {
          read.push(each.end);
          yield [each];
        }
    },
    buckets: async () => [],
    watch: () => {},
    close: async () => {},
  };
  return { reader, read };
}

/** What is told of rows in pages of this length. */
async function tellAll(rows: readonly StatsRow[], longer: readonly StatsRow[], page: number) {
  const [kept] = parseKeepList(`${longer[0]?.window ?? '1d'}=1y`);
  if (kept === undefined) throw new Error('no window');
  const { reader, read } = readerOf(longer);
  const coverage = new Coverage(reader, 'attic', kept);
  const all: Told = { covered: [], waiting: [] };
  const add = ({ covered, waiting }: Told) => {
    all.covered.push(...covered);
    all.waiting.push(...waiting);
  };
  for (let at = 0; at < rows.length; at += page) add(await coverage.tell(rows.slice(at, at + page)));
  add(coverage.end());
  return { covered: all.covered.length, waiting: all.waiting.map(({ end }) => end).sort(), read };
}

const hours = (count: number) => Array.from({ length: count }, (_, at) => stretch('1h', at, at + 1, 60));

describe('Coverage', () => {
  it.each([1, 2, 7, 24, 100])('is the same in pages of %i, and reads each longer row once', async (page) => {
    const days = [stretch('24h', 0, 24, 1440), stretch('24h', 24, 48, 1439), stretch('24h', 48, 72, 1440)];
    const { covered, waiting, read } = await tellAll(hours(75), days, page);
    expect(covered).toBe(48);
    expect(waiting).toHaveLength(27);
    expect(read).toEqual(days.map(({ end }) => end));
  });

  it.each([1, 3])('knows of a day of 25 hours at its first one, in pages of %i', async (page) => {
    const halves = Array.from({ length: 50 }, (_, at) => stretch('30m', at / 2, (at + 1) / 2, 30));
    expect(await tellAll(halves, [stretch('1d', 0, 25, 1500)], page)).toMatchObject({
      covered: 50,
      waiting: [],
    });
  });
});
