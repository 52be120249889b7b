/** The series of the store, kept as they are by the events of the server. */

import { fetchCatalog } from './api.ts';
import { merge } from './catalog.ts';
import { type CatalogJson, type Entry, toEntries } from './series-json.ts';
import { listenToServer } from './server-events.ts';

/** More in a menu find no one. */
const MOST_LISTED = 10_000;

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
  /** Changes since the last list began, which may be newer than its end. */
  let later: readonly Entry[] = [];
  let lists = 0;
  const replace = (list: readonly Entry[]) => {
    const known = new Set(entries?.map((entry) => JSON.stringify(entry)));
    entries = merge(list, later);
    // The list does not say all that changed while the server was not heard.
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
    if (rest.isCut) throw new Error(`there are more series than ${MOST_LISTED}: only the first are listed`);
  };
  const change = (catalog: CatalogJson) => {
    const changed = toEntries(catalog);
    later = merge(later, changed);
    entries = merge(entries ?? [], changed);
    listener.changed({ changed, isWhole: false });
  };
  listenToServer('api/events', {
    events: {
      // All series: at the start, and when it is not known which changes were missed.
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
  // The list comes sooner than the first event, and where a proxy holds events back it comes at all.
  fetchCatalog()
    .then((catalog) => (entries === undefined ? hello(catalog) : undefined))
    .catch(listener.failed);
  return { entries: () => entries, now: () => Date.now() + aheadMs };
}

/** The pages of a list after its first one. */
async function fetchRest(next: string | undefined): Promise<{ entries: Entry[]; isCut: boolean }> {
  const entries: Entry[] = [];
  let after = next;
  while (after !== undefined && entries.length < MOST_LISTED) {
    const page = await fetchCatalog(after);
    entries.push(...toEntries(page));
    after = page.next;
  }
  return { entries, isCut: after !== undefined };
}
