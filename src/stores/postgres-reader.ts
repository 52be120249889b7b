/**
 * Reads stats rows from Postgres 14 or later; the table may not exist yet.
 *
 * Runs several queries concurrently, each in a short transaction, and reopens lost connections.
 */

import type { Client } from 'pg';
import { postgresConnection } from '../databases/postgres-connection.ts';
import { listen } from './postgres-listener.ts';
import { findTable, readBuckets, readPage, type Table } from './postgres-rows.ts';
import { seriesLister } from './postgres-series.ts';
import type { StoreReader } from './reader.ts';
import type { StoreSettings } from './store.ts';

const CONNECTIONS = 3;

export default function openPostgresReader(address: string, settings: StoreSettings): StoreReader {
  const closed = new AbortController();
  const listSeries = seriesLister();
  const connections = Array.from({ length: CONNECTIONS }, () => postgresConnection(address, settings));
  const checking = postgresConnection(address, settings);
  let queries = 0;

  const reading = <Result>(work: (client: Client, table: Table) => Promise<Result>) => {
    queries += 1;
    return connections[queries % CONNECTIONS]?.transaction(async (client) => {
      const table = await findTable(client);
      return table && work(client, table);
    });
  };

  return {
    // On its own connection, so that it never waits for a long query.
    check: async () => {
      await checking.transaction(findTable);
    },
    series: async (part = {}) =>
      (await reading((client, { further }) => listSeries(client, further, part))) ?? [],
    async *rows(range) {
      for (let after: string | undefined = '-infinity'; after !== undefined; ) {
        const from: string = after;
        const page = await reading((client, table) => readPage(client, table, range, from));
        if (page !== undefined && page.rows.length > 0) yield page.rows;
        after = page?.next;
      }
    },
    buckets: async (range, lengthMs) =>
      (await reading((client, table) => readBuckets(client, table, range, lengthMs))) ?? [],
    watch(changed) {
      const signal = AbortSignal.any([closed.signal, settings.signal]);
      void listen(address, { ...settings, signal }, changed);
    },
    async close() {
      closed.abort();
      for (const connection of [...connections, checking]) connection.close();
    },
  };
}
