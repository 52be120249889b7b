/** Assembles the server of a store. */

import { setMaxListeners } from 'node:events';
import { ledgerMetrics } from '../ledger/prometheus.ts';
import type { LedgerReader } from '../ledger/reader.ts';
import { metric } from '../lines/prometheus.ts';
import type { FutureCheck } from '../readings/ahead.ts';
import type { LimitsOf } from '../readings/sensor-limits.ts';
import { presentSeries } from '../stores/present-series.ts';
import type { ListSeries, StoreReader } from '../stores/reader.ts';
import type { Store } from '../stores/store.ts';
import { EventStream } from './event-stream.ts';
import { createApp } from './http-app.ts';
import { type Endpoint, listen } from './http-server.ts';
import { LISTENERS } from './listeners.ts';
import { Metrics } from './metrics.ts';
import { readPageFiles } from './page-files.ts';
import { Posts } from './posts.ts';
import { createRoutes } from './routes.ts';
import { seriesJson, type UnitOf } from './row-json.ts';
import type { ServedLedger } from './runs/served-ledger.ts';
import type { Access } from './security.ts';
import { type Describe, seriesListJson } from './series-list.ts';
import { Shares } from './shares.ts';

interface ServeSettings extends Omit<Endpoint, 'behindProxy'> {
  readonly reader: StoreReader;
  readonly store: Store;
  /** The ledger of a schedule, for the page of runs and the metrics. */
  readonly ledger: ServedLedger | undefined;
  readonly unitOf: UnitOf;
  readonly limitsOf: LimitsOf;
  readonly access: Access;
  /** Longest body of a post in bytes. */
  readonly maxBody: number;
  readonly future: FutureCheck;
  readonly version: string;
  /** Called with the row counts of each post. */
  count(rows: { readonly in: number; readonly out: number; readonly rejected: number }): void;
  now(): number;
  /** One line for each request. */
  log(line: string): void;
  /** Called with a failure of the store, or a bug; the server keeps running. */
  failed(error: unknown): void;
}

interface Serving {
  readonly url: string;
  /** The numeric address that it listens on. */
  readonly address: string;
  /** Ends streams of events, and waits for the open requests, at most this long. */
  stop(graceMs: number): Promise<void>;
}

/** Starts to serve. @throws Failure (temporary) if the port is in use, (unavailable) if it cannot be bound */
export async function serve(settings: ServeSettings): Promise<Serving> {
  const { reader, ledger, unitOf, limitsOf, future, failed, now } = settings;
  const metrics = new Metrics();
  const series: ListSeries = (part) => presentSeries(reader, future.latest, part);
  const listeners = new Shares(LISTENERS);
  const ended = new AbortController();
  // Each stream of events adds a listener.
  setMaxListeners(0, ended.signal);
  const describe: Describe = (one) => seriesJson(one, unitOf, limitsOf(one.sensor));
  const listing = { series: () => series(), describe, list: () => seriesListJson(series, describe) };
  const events = new EventStream({ ...listing, failed, now }, listeners);
  const posts = new Posts({ ...settings, loaded: () => events.changed() });
  const routes = createRoutes({
    ...{ ...settings, signal: ended.signal, series, describe, events, listeners, metrics, posts },
    page: await readPageFiles(ledger !== undefined),
    ledgerMetrics: async () => (ledger === undefined ? '' : metricsOf(ledger.reader, failed)),
  });
  let address = '';
  const app = createApp({ ...settings, routes, metrics, address: () => address });
  const listening = await listen(
    app.fetch,
    { ...settings, behindProxy: settings.access.behindProxy },
    failed,
  );
  address = listening.address;
  reader.watch(() => events.changed());
  events.prepare().catch(failed);
  return {
    ...listening,
    async stop(graceMs) {
      events.close();
      ended.abort();
      await listening.stop(graceMs);
    },
  };
}

/** The metrics of a ledger. If it is missing or cannot be read, only these are left out. */
async function metricsOf(ledger: LedgerReader, failed: (error: unknown) => void): Promise<string> {
  const text = await ledger.read(ledgerMetrics).catch(failed);
  return metric('etl_ledger_up', 'gauge', '1 if there is a ledger that can be read.', [
    [{}, text ? 1 : 0],
  ]).concat(text ?? '');
}
