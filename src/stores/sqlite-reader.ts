/**
 * Reads a SQLite database of stats rows, which others write: it may not be there yet, and be deleted and made again.
 *
 * It is opened to be read only, and no transaction stays open, so no writer waits and none is held up in tidying. A
 * long range is read page by page, each of which shows whole batches.
 */

import { resolve } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { poll } from '../async/poll.ts';
import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import { sqliteFailure, untilFree } from '../databases/sqlite-failure.ts';
import { fileVersion, openReadOnly, type ReadOnlyDatabase } from '../databases/sqlite-read-only.ts';
import type { Series, StoreReader } from './reader.ts';
import { readBuckets } from './sqlite-buckets.ts';
import { findTable, readPage, type Table } from './sqlite-rows.ts';
import { seriesLister } from './sqlite-series.ts';
import type { StoreSettings } from './store.ts';

const POLL_MS = 500;

interface Opened extends ReadOnlyDatabase {
  readonly series: (table: Table) => Promise<Series[]>;
}

export default function openSqliteReader(address: string, { waitMs, signal }: StoreSettings): StoreReader {
  const closed = new AbortController();
  const path = resolve(address);
  let opened: Opened | undefined;

  /** The database that is there now. A call may still read the one before, so that is left to be collected. */
  const current = async (): Promise<Opened | undefined> => {
    const version = await fileVersion(path, opened?.frozen ?? false);
    if (version === '') opened = undefined;
    else if (version !== opened?.version) opened = await openWithSeries(path);
    return opened;
  };
  const reading = async <Result>(work: (table: Table, from: Opened) => Result | Promise<Result>) => {
    try {
      return await untilFree(
        async () => {
          const from = await current();
          const table = from && findTable(from.database);
          return from && table && (await work(table, from));
        },
        waitMs,
        signal,
      );
    } catch (error) {
      throw sqliteFailure(address, error);
    }
  };

  return {
    series: async () => (await reading((table, { series }) => series(table))) ?? [],
    async *rows(range) {
      const yieldToEventLoop = eventLoopYielder();
      for (let after: string | undefined = ''; after !== undefined; await yieldToEventLoop()) {
        const from: string = after;
        const page = await reading((table) => readPage(table, range, from));
        if (page !== undefined && page.rows.length > 0) yield page.rows;
        after = page?.next;
      }
    },
    buckets: async (range, lengthMs) => (await reading((table) => readBuckets(table, range, lengthMs))) ?? [],
    watch(changed) {
      const version = async () => {
        const from = await current();
        return from === undefined ? '' : `${from.version} ${dataVersion(from.database)}`;
      };
      void poll({ version, everyMs: POLL_MS, signal: closed.signal }, changed);
    },
    async close() {
      closed.abort();
      opened?.database.close();
      opened = undefined;
    },
  };
}

async function openWithSeries(path: string): Promise<Opened> {
  const file = await openReadOnly(path);
  return { ...file, series: sameWhileUnchanged(file.database, seriesLister()) };
}

/** The list of before as long as nobody has changed anything; those who ask at the same time wait for the same one. */
function sameWhileUnchanged(database: DatabaseSyncInstance, list: Opened['series']): Opened['series'] {
  let known: { readonly version: number; readonly series: Promise<Series[]> } | undefined;
  return (table) => {
    const version = dataVersion(database);
    if (known?.version === version) return known.series;
    const series = list(table);
    known = { version, series };
    series.catch(() => {
      known = undefined;
    });
    return series;
  };
}

/** Another number after each change by anyone. */
function dataVersion(database: DatabaseSyncInstance): number {
  return database.prepare('PRAGMA data_version').get().data_version;
}
