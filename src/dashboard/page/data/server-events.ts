/**
 * A stream of server-sent events.
 *
 * EventSource reconnects by itself, except after an error response: then this module does. A connection that died
 * silently (a laptop that slept) is detected by a probe when nothing was heard for a while. A hidden page has no stream.
 */

import { whileSeen } from '../shell/while-seen.ts';
import { isServerUp } from './api.ts';

const AGAIN_MS = 3000;
const SILENT_MS = 40_000;

interface ServerListener {
  /** Handlers of the data of events, by event name. */
  readonly events: Readonly<Record<string, (text: string) => void>>;
  /** Called repeatedly, possibly with the same value. */
  connected(isConnected: boolean): void;
  /** Called when the page has been hidden for a while: until it is visible again, changes are missed. */
  left(): void;
}

/** Subscribes to the stream at this URL. */
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
