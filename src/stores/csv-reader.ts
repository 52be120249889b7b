/** Reads a CSV file of stats rows: as a whole, and again when it was replaced. */

import { promises as fs } from 'node:fs';
import { poll } from '../async/poll.ts';
import { errorCode, readFailure } from '../failure.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import { readCsvRows, storeFailure } from './csv-file.ts';
import type { Range, Series, StoreReader } from './reader.ts';
import { bucketList, bucketOf } from './row-buckets.ts';
import { LAST_ROWS, seriesFrom } from './series-from-rows.ts';

const POLL_MS = 500;

interface TimedRow {
  readonly row: StatsRow;
  /** Epoch milliseconds. */
  readonly end: number;
}

/** By sensor and window, each by their ends. */
type Table = ReadonlyMap<string, readonly TimedRow[]>;

export default function openCsvReader(address: string): StoreReader {
  const closed = new AbortController();
  let known: { readonly version: string; readonly table: Table } | undefined;
  const current = async (): Promise<Table> => {
    try {
      const version = await versionOf(address);
      if (known?.version !== version) known = { version, table: await readTable(address) };
      return known.table;
    } catch (error) {
      throw storeFailure(error);
    }
  };
  return {
    series: async () => [...(await current()).values()].flatMap((rows) => describe(rows) ?? []),
    async *rows(range) {
      const rows = rowsIn(await current(), range);
      if (rows.length > 0) yield rows;
    },
    async buckets(range, lengthMs) {
      const list = bucketList(lengthMs);
      for (const row of rowsIn(await current(), range)) list.add(bucketOf(row));
      return list.buckets;
    },
    watch(changed) {
      const version = () => versionOf(address);
      void poll({ version, everyMs: POLL_MS, signal: closed.signal }, changed);
    },
    close: async () => closed.abort(),
  };
}

/** Empty when there is no such file. */
async function versionOf(address: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await fs.stat(address, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw readFailure(address, error);
  }
}

async function readTable(address: string): Promise<Table> {
  const rows = readCsvRows(address, await content(address));
  const timed = rows.map((row) => ({ row, end: parseTime(row.end) ?? Number.NaN }));
  timed.sort((a, b) => a.end - b.end);
  const table = new Map<string, TimedRow[]>();
  for (const each of timed) {
    const series = table.get(seriesKey(each.row));
    if (series === undefined) table.set(seriesKey(each.row), [each]);
    else series.push(each);
  }
  return new Map([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function content(address: string): Promise<Buffer> {
  try {
    return await fs.readFile(address);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw readFailure(address, error);
  }
}

function describe(rows: readonly TimedRow[]): Series | undefined {
  const last = rows.slice(-LAST_ROWS).map(({ row }) => row);
  return seriesFrom(rows[0]?.row, last, rows.length);
}

/** Sorts by sensor, then by window: no window has a control character. */
function seriesKey({ sensor, window }: Pick<Range, 'sensor' | 'window'>): string {
  return `${sensor}\0${window}`;
}

function rowsIn(table: Table, range: Range): StatsRow[] {
  const series = table.get(seriesKey(range)) ?? [];
  return series.filter(({ end }) => end >= range.from && end < range.to).map(({ row }) => row);
}
