/** Reads a CSV file of stats rows: whole, and again after it was replaced. */

import { promises as fs } from 'node:fs';
import { poll } from '../async/poll.ts';
import { errorCode, readFailure } from '../failure.ts';
import { isInterrupted } from '../files/read-at.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { parseTime } from '../readings/time.ts';
import { csvFailure, readCsvRows } from './csv-file.ts';
import type { Range, Series, StoreReader } from './reader.ts';
import { bucketList, bucketOf } from './row-buckets.ts';
import { LAST_ROWS, seriesFrom } from './series-from-rows.ts';

const POLL_MS = 500;

interface TimedRow {
  readonly row: StatsRow;
  /** Epoch milliseconds. */
  readonly end: number;
}

/** The rows by series, ordered by end. */
type Table = ReadonlyMap<string, readonly TimedRow[]>;

export default function openCsvReader(address: string): StoreReader {
  const closed = new AbortController();
  let last: { readonly version: string; readonly table: Table } | undefined;
  const current = async (): Promise<Table> => {
    try {
      const version = await versionOf(address);
      if (last?.version !== version) last = { version, table: await readTable(address) };
      return last.table;
    } catch (error) {
      throw csvFailure(error);
    }
  };
  return {
    check: () => checkFile(address),
    async series({ sensor, after, most = Number.POSITIVE_INFINITY } = {}) {
      const begin = after === undefined ? '' : seriesKey(after);
      const found: Series[] = [];
      for (const [key, rows] of await current()) {
        if (found.length >= most) break;
        if (key > begin && (sensor === undefined || rows[0]?.row.sensor === sensor))
          found.push(...describe(rows));
      }
      return found;
    },
    async *rows(range) {
      const rows = rowsInRange(await current(), range);
      if (rows.length > 0) yield rows;
    },
    async buckets(range, lengthMs) {
      const list = bucketList(lengthMs);
      for (const row of rowsInRange(await current(), range)) list.add(bucketOf(row));
      return list.buckets;
    },
    watch(changed) {
      const version = () => versionOf(address);
      void poll({ version, everyMs: POLL_MS, signal: closed.signal }, changed);
    },
    close: async () => closed.abort(),
  };
}

/** Changes with every change of the file; empty when it is missing. */
async function versionOf(address: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await fs.stat(address, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw readFailure(address, error);
  }
}

/** Opens the file and reads one byte, to detect folders, too. */
async function checkFile(address: string): Promise<void> {
  try {
    const file = await fs.open(address);
    try {
      await file.read(Buffer.alloc(1), 0, 1, 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw csvFailure(readFailure(address, error));
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
    if (isInterrupted(error)) return content(address);
    throw readFailure(address, error);
  }
}

/** The series of these rows; empty without rows. */
function describe(rows: readonly TimedRow[]): Series[] {
  const last = rows.slice(-LAST_ROWS).map(({ row }) => row);
  const [first, newest] = [rows[0]?.row, last.at(-1)];
  if (first === undefined || newest === undefined) return [];
  return [seriesFrom(newest, { first: first.end, last: last.map(({ end }) => end) }, rows.length)];
}

/** A key that sorts by sensor, then window, because no window contains a control character. */
function seriesKey({ sensor, window }: Pick<Range, 'sensor' | 'window'>): string {
  return `${sensor}\0${window}`;
}

function rowsInRange(table: Table, range: Range): StatsRow[] {
  const series = table.get(seriesKey(range)) ?? [];
  return series.filter(({ end }) => end >= range.from && end < range.to).map(({ row }) => row);
}
