/**
 * Reads stats rows from a SQLite database that other processes write: it may appear later, be deleted, and be created
 * again.
 *
 * Opened read-only, without long transactions, so that neither writers nor checkpoints are blocked. A long range is
 * read in pages, each of which shows only whole batches.
 */

import { resolve } from 'node:path';
import { poll } from '../async/poll.ts';
import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import { dataVersion } from '../databases/sqlite-connection.ts';
import { sqliteFailure, untilFree } from '../databases/sqlite-failure.ts';
import { freeStatements } from '../databases/sqlite-files.ts';
import { openReadOnly, type ReadOnlyDatabase } from '../databases/sqlite-read-only.ts';
import { versionOf } from '../files/replace.ts';
import type { StoreReader } from './reader.ts';
import { readBuckets } from './sqlite-buckets.ts';
import { findTable, readPage, type Table } from './sqlite-rows.ts';
import { seriesLister } from './sqlite-series.ts';
import type { StoreSettings } from './store.ts';

const POLL_MS = 500;

interface OpenedDatabase extends ReadOnlyDatabase {
  readonly listSeries: ReturnType<typeof seriesLister>;
  /** Unique per opening. */
  readonly opening: number;
  /** Number of calls that are reading. */
  users: number;
}

export default function openSqliteReader(address: string, { waitMs, signal }: StoreSettings): StoreReader {
  const closed = new AbortController();
  const path = resolve(address);
  let opened: OpenedDatabase | undefined;

  /** The database currently at the path; undefined when there is none. */
  const current = (): OpenedDatabase | undefined => {
    if (opened !== undefined && !opened.isCurrent()) {
      opened.leave();
      // An earlier call may still be reading: it then closes it.
      if (opened.users === 0) opened.close();
      opened = undefined;
    }
    if (opened === undefined && versionOf(path) !== '') opened = openWithSeries(path);
    return opened;
  };
  const reading = async <Result>(work: (table: Table, from: OpenedDatabase) => Result | Promise<Result>) => {
    try {
      return await untilFree(
        async () => {
          const from = current();
          if (from === undefined) return undefined;
          from.users += 1;
          try {
            const table = findTable(from.database);
            return table && (await work(table, from));
          } finally {
            from.users -= 1;
            if (from !== opened && from.users === 0) from.close();
          }
        },
        waitMs,
        signal,
      );
    } catch (error) {
      throw sqliteFailure(address, error);
    }
  };

  return {
    check: async () => {
      await reading(() => true);
    },
    series: async (part = {}) => (await reading((table, { listSeries }) => listSeries(table, part))) ?? [],
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
        const from = current();
        return from === undefined ? '' : `${from.opening} ${dataVersion(from.database)}`;
      };
      void poll({ version, everyMs: POLL_MS, signal: closed.signal }, changed);
    },
    async close() {
      closed.abort();
      const last = opened;
      opened = undefined;
      if (last?.users === 0) last.close();
      if (signal.aborted) await freeStatements();
    },
  };
}

let openings = 0;

function openWithSeries(path: string): OpenedDatabase {
  return { ...openReadOnly(path), listSeries: seriesLister(), opening: ++openings, users: 0 };
}
