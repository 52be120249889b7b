/**
 * The events of the server: all series at first, then those that change.
 *
 * The browser connects again by itself, unless the server answered with an error: then this module does. A connection
 * that died without a word (a laptop that slept) is found out by asking when nothing was heard for a while.
 */

import { isServerUp } from './api.ts';
import type { CatalogJson } from './series-json.ts';

const AGAIN_MS = 3000;
const SILENT_MS = 40_000;

interface EventListener {
  /** All series: at the start, and when it is not known which changes were missed. */
  hello(catalog: CatalogJson): void;
  /** Series that have changed. */
  change(catalog: CatalogJson): void;
  /** Called again and again; the same news may come twice. */
  connected(isConnected: boolean): void;
}

/** Listens from now on. */
export function listenToServer(listener: EventListener): void {
  let source: EventSource | undefined;
  let heard = Date.now();
  const hear = (tell: (catalog: CatalogJson) => void) => (event: MessageEvent<string>) => {
    heard = Date.now();
    listener.connected(true);
    tell(JSON.parse(event.data));
  };
  const connect = () => {
    source?.close();
    const opened = new EventSource('api/events');
    source = opened;
    heard = Date.now();
    opened.onopen = () => listener.connected(true);
    opened.onerror = () => {
      listener.connected(false);
      if (opened.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
    };
    opened.addEventListener('hello', hear(listener.hello));
    opened.addEventListener('change', hear(listener.change));
  };
  const check = async () => {
    if (source?.readyState !== EventSource.OPEN || Date.now() - heard < SILENT_MS) return;
    heard = Date.now();
    if (await isServerUp()) return;
    listener.connected(false);
    connect();
  };
  connect();
  setInterval(check, AGAIN_MS);
  addEventListener('online', connect);
  document.addEventListener('visibilitychange', check);
}
