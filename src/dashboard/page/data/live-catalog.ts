/** The series of the store, kept as they are by the events of the server. */

import { fetchCatalog } from './api.ts';
import { merge } from './catalog.ts';
import { type CatalogJson, type Entry, toEntries } from './series-json.ts';
import { listenToServer } from './server-events.ts';

export interface CatalogChange {
  /** The series whose rows may be others now. */
  readonly changed: readonly Entry[];
  /** Whether the server told all series, not only changes. */
  readonly isWhole: boolean;
}

interface CatalogListener {
  changed(change: CatalogChange): void;
  /** Called again and again; the same news may come twice. */
  connected(isConnected: boolean): void;
  failed(error: unknown): void;
}

interface LiveCatalog {
  /** Sorted by sensor and window; undefined until the server has answered. */
  entries(): readonly Entry[] | undefined;
  /** The server's clock: epoch milliseconds. */
  now(): number;
}

/** Begins to listen to the server; the listener is called from the next event on. */
export function followCatalog(listener: CatalogListener): LiveCatalog {
  let entries: readonly Entry[] | undefined;
  let aheadMs = 0;
  let wasLost = false;
  const hello = (catalog: CatalogJson) => {
    if (catalog.now !== undefined) aheadMs = Date.parse(catalog.now) - Date.now();
    const known = new Set(entries?.map((entry) => JSON.stringify(entry)));
    entries = toEntries(catalog);
    // The list does not say all that changed while the server was not heard.
    const changed = wasLost ? entries : entries.filter((entry) => !known.has(JSON.stringify(entry)));
    wasLost = false;
    listener.changed({ changed, isWhole: true });
  };
  listenToServer({
    hello,
    change(catalog) {
      const changed = toEntries(catalog);
      entries = merge(entries ?? [], changed);
      listener.changed({ changed, isWhole: false });
    },
    connected(isConnected) {
      wasLost ||= !isConnected;
      listener.connected(isConnected);
    },
  });
  // The list comes sooner than the first event, and where a proxy holds events back it comes at all.
  fetchCatalog().then((catalog) => entries === undefined && hello(catalog), listener.failed);
  return { entries: () => entries, now: () => Date.now() + aheadMs };
}
