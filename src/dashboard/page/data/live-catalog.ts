/** The series of the store, kept up to date by server events. */

import { fetchCatalog } from './api.ts';
import { merge } from './catalog.ts';
import { type CatalogJson, type Entry, toEntries } from './series-json.ts';
import { listenToServer } from './server-events.ts';

/** Nobody finds anything in a longer menu. */
const MAX_LISTED = 10_000;

export interface CatalogChange {
  /** The series whose rows may have changed. */
  readonly changed: readonly Entry[];
  /** Whether this is the whole list, not only changes. */
  readonly isWhole: boolean;
}

interface CatalogListener {
  changed(change: CatalogChange): void;
  /** Called repeatedly, possibly with the same value. */
  connected(isConnected: boolean): void;
  failed(error: unknown): void;
}

interface LiveCatalog {
  /** Sorted by sensor and window; undefined until the server has responded. */
  entries(): readonly Entry[] | undefined;
  /** The server's clock in epoch ms. */
  now(): number;
}

/** Subscribes to the server's events; calls the listener from the next event on. */
export function followCatalog(listener: CatalogListener): LiveCatalog {
  let entries: readonly Entry[] | undefined;
  let aheadMs = 0;
  let wasLost = false;
  /** Changes since the list was requested; they may be newer than its last pages. */
  let later: readonly Entry[] = [];
  let lists = 0;
  const replace = (list: readonly Entry[]) => {
    const known = new Set(entries?.map((entry) => JSON.stringify(entry)));
    entries = merge(list, later);
    // After an outage any row may have changed, even where the entry did not.
    const changed = wasLost ? entries : entries.filter((entry) => !known.has(JSON.stringify(entry)));
    wasLost = false;
    listener.changed({ changed, isWhole: true });
  };
  const hello = async (catalog: CatalogJson) => {
    if (catalog.now !== undefined) aheadMs = Date.parse(catalog.now) - Date.now();
    later = [];
    lists += 1;
    const list = lists;
    const first = toEntries(catalog);
    if (entries === undefined || catalog.next === undefined) replace(first);
    const rest = await fetchRest(catalog.next);
    if (rest.entries.length > 0 && list === lists) replace([...first, ...rest.entries]);
    if (rest.isCut) throw new Error(`there are more series than ${MAX_LISTED}: only the first are listed`);
  };
  const change = (catalog: CatalogJson) => {
    const changed = toEntries(catalog);
    later = merge(later, changed);
    entries = merge(entries ?? [], changed);
    listener.changed({ changed, isWhole: false });
  };
  listenToServer('api/events', {
    events: {
      // All series: on connection, and when changes may have been missed.
      hello: (text) => void hello(JSON.parse(text)).catch(listener.failed),
      change: (text) => change(JSON.parse(text)),
    },
    connected(isConnected) {
      wasLost ||= !isConnected;
      listener.connected(isConnected);
    },
    left() {
      wasLost = true;
    },
  });
  // A plain request is faster than the first event, and works where a proxy buffers events.
  fetchCatalog()
    .then((catalog) => (entries === undefined ? hello(catalog) : undefined))
    .catch(listener.failed);
  return { entries: () => entries, now: () => Date.now() + aheadMs };
}

/** The remaining pages of a list. */
async function fetchRest(next: string | undefined): Promise<{ entries: Entry[]; isCut: boolean }> {
  const entries: Entry[] = [];
  let after = next;
  while (after !== undefined && entries.length < MAX_LISTED) {
    const page = await fetchCatalog(after);
    entries.push(...toEntries(page));
    after = page.next;
  }
  return { entries, isCut: after !== undefined };
}
