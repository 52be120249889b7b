/** Broadcasts Server-Sent Events to open streams. A listener that falls too far behind is dropped; it will reconnect. */

import { busy } from './responses.ts';
import type { Shares } from './shares.ts';

/** Concurrent streams of all kinds. */
export const LISTENERS = { all: 1000, each: 250 };
export const HEARTBEAT_MS = 15_000;
/** A comment, by which each side sees that the other is alive. */
export const HEARTBEAT = ': still here\n\n';
/** How long a listener waits before it reconnects. */
const RETRY_MS = 2000;
/** The beginning of each stream. */
export const RETRY = `retry: ${RETRY_MS}\n\n`;
/** Maximum backlog of a listener, in bytes. */
const MAX_BEHIND = 1 << 18;

/** Headers of a stream; the last one keeps a proxy from buffering it. */
export const eventHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

interface Listener {
  readonly stream: ReadableStreamDefaultController<Uint8Array>;
  readonly client: string;
  /** Breaks the connection. */
  readonly drop: () => void;
}

/** The listeners to the same events. */
export class Listeners {
  readonly #shares: Shares;
  readonly #open = new Set<Listener>();
  readonly #encoder = new TextEncoder();
  #isClosed = false;

  /** @param shares quotas for listeners of all kinds */
  constructor(shares: Shares) {
    this.#shares = shares;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Reserves a place for a listener. @throws HttpError (429, 503) if there are too many */
  mustTake(client: string): void {
    this.#shares.mustTake(client, 'listeners');
  }

  /** Releases a reserved place. */
  give(client: string): void {
    this.#shares.give(client);
  }

  /** Answers a listener with a reserved place, these bytes first. @throws HttpError (503) once closed */
  add(client: string, drop: () => void, first: readonly Uint8Array[]): Response {
    if (this.#isClosed) throw busy('the server is shutting down');
    let listener: Listener | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (stream) => {
          listener = { stream, client, drop };
          this.#open.add(listener);
          for (const bytes of [this.#encoder.encode(RETRY), ...first]) stream.enqueue(bytes);
        },
        cancel: () => {
          if (listener) this.#forget(listener);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_BEHIND }),
    );
    return new Response(body, { headers: eventHeaders });
  }

  /** Sends the same bytes to all. */
  send(pieces: readonly Uint8Array[]): void {
    for (const listener of this.#open) {
      if ((listener.stream.desiredSize ?? 0) > 0) for (const bytes of pieces) listener.stream.enqueue(bytes);
      else {
        this.#forget(listener);
        listener.drop();
      }
    }
  }

  beat(): void {
    this.send([this.#encoder.encode(HEARTBEAT)]);
  }

  /** Ends all streams. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#open) {
      listener.stream.close();
      this.#forget(listener);
    }
  }

  #forget(listener: Listener): void {
    if (this.#open.delete(listener)) this.#shares.give(listener.client);
  }
}
