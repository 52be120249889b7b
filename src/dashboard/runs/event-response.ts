/** A stream of events that are made at the pace of its listener. Memory: one event per listener. */

import { eventHeaders, HEARTBEAT, HEARTBEAT_MS, RETRY } from '../listeners.ts';
import type { Shares } from '../shares.ts';

interface Listening {
  readonly client: string;
  /** Open streams of events of all kinds. */
  readonly listeners: Shares;
  /** Aborted to end all streams. */
  readonly signal: AbortSignal;
  /** Breaks the connection. */
  drop(): void;
  /** Called with an error after the answer has begun. */
  failed(error: unknown): void;
}

/** @param events ends soon after its signal is aborted @throws HttpError (429, 503) if there are too many listeners */
export function streamEvents(
  events: (signal: AbortSignal) => AsyncGenerator<string>,
  { client, listeners, signal, drop, failed }: Listening,
): Response {
  listeners.mustTake(client, 'listeners');
  const encoder = new TextEncoder();
  const ended = new AbortController();
  const texts = events(ended.signal);
  let beat: NodeJS.Timeout | undefined;
  let isCancelled = false;
  const end = () => {
    if (ended.signal.aborted) return;
    ended.abort();
    signal.removeEventListener('abort', end);
    clearInterval(beat);
    listeners.give(client);
  };
  signal.addEventListener('abort', end);
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(encoder.encode(RETRY));
      beat = setInterval(() => {
        if ((stream.desiredSize ?? 0) > 0) stream.enqueue(encoder.encode(HEARTBEAT));
      }, HEARTBEAT_MS).unref();
    },
    async pull(stream) {
      try {
        const { done, value } = await texts.next();
        if (isCancelled) return;
        if (!done) return stream.enqueue(encoder.encode(value));
        end();
        stream.close();
      } catch (error) {
        end();
        failed(error);
        drop();
      }
    },
    async cancel() {
      isCancelled = true;
      end();
      await texts.return(undefined);
    },
  });
  return new Response(body, { headers: eventHeaders });
}
