/** Puts the server together from a store, and takes it apart again. */

import type { StoreReader } from '../stores/reader.ts';
import type { Store } from '../stores/store.ts';
import { Events } from './event-stream.ts';
import { createApp } from './http-app.ts';
import { listen, type Place } from './http-server.ts';
import { Metrics } from './metrics.ts';
import { readPageFiles } from './page-files.ts';
import { Posts } from './posts.ts';
import { createRoutes } from './routes.ts';

export interface ServeSettings extends Place {
  readonly reader: StoreReader;
  readonly store: Store;
  /** For POST; undefined for none. */
  readonly token: string | undefined;
  /** In bytes. */
  readonly maxBody: number;
  readonly version: string;
  now(): number;
  /** One line for each request. */
  log(line: string): void;
  /** A failure of the store, or a bug; the server lives on. */
  failed(error: unknown): void;
}

export interface Serving {
  readonly url: string;
  /** The numeric address that it listens on. */
  readonly address: string;
  /** Ends the events, finishes what was accepted, but no longer than this. */
  stop(patienceMs: number): Promise<void>;
}

/** @throws Failure when the port cannot be had */
export async function serve(settings: ServeSettings): Promise<Serving> {
  const { reader, store, failed, now } = settings;
  const metrics = new Metrics();
  const events = new Events({ series: () => reader.series(), failed, now });
  const posts = new Posts({ store, maxBody: settings.maxBody, loaded: () => events.changed() });
  const routes = createRoutes({ ...settings, events, metrics, posts, page: await readPageFiles() });
  let address = '';
  const app = createApp({ ...settings, routes, metrics, address: () => address });
  const listening = await listen(app.fetch, settings, failed);
  address = listening.address;
  reader.watch(() => events.changed());
  events.prepare().catch(failed);
  return {
    ...listening,
    async stop(patienceMs) {
      events.close();
      await listening.stop(patienceMs);
    },
  };
}
