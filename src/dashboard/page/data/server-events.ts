/**
 * A stream of events of the server.
 *
 * The browser connects again by itself, unless the server answered with an error: then this module does. A connection
 * that died without a word (a laptop that slept) is found out by asking when nothing was heard for a while. A page that
 * nobody sees has none.
 */

import { whileSeen } from '../shell/while-seen.ts';
import { isServerUp } from './api.ts';

const AGAIN_MS = 3000;
const SILENT_MS = 40_000;

interface ServerListener {
  /** What hears the data of events, by their names. */
  readonly events: Readonly<Record<string, (text: string) => void>>;
  /** Called again and again; the same news may come twice. */
  connected(isConnected: boolean): void;
  /** Called when nobody has seen the page for a while: what changes until it is seen again is not heard. */
  left(): void;
}

/** Listens to the stream at this address from now on. */
export function listenToServer(address: string, { events, connected, left }: ServerListener): void {
  let source: EventSource | undefined;
  let heard = Date.now();
  let again: number | undefined;
  const disconnect = () => {
    clearTimeout(again);
    source?.close();
    source = undefined;
  };
  const connect = () => {
    disconnect();
    const opened = new EventSource(address);
    source = opened;
    heard = Date.now();
    opened.onopen = () => connected(true);
    opened.onerror = () => {
      connected(false);
      if (opened.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS);
    };
    for (const [name, hear] of Object.entries(events))
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        heard = Date.now();
        connected(true);
        hear(event.data);
      });
  };
  const check = async () => {
    if (source?.readyState !== EventSource.OPEN || Date.now() - heard < SILENT_MS) return;
    heard = Date.now();
    if (await isServerUp()) return;
    connected(false);
    connect();
  };
  whileSeen(document, {
    begin: connect,
    end() {
      disconnect();
      left();
    },
  });
  setInterval(check, AGAIN_MS);
  addEventListener('online', () => source !== undefined && connect());
  document.addEventListener('visibilitychange', check);
}
