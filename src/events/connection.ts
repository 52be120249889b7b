/** One connection while it lives: it ends when it is silent, when its owner is told to, or when it is closed. */

import { errorText } from '../failure.ts';
import { NotNow } from '../http/request.ts';

/** A connection of one request. */
export class Connection {
  /** Why its body ended; for a message. */
  endText = 'the server ended the stream';
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #interrupt = () => this.#controller.abort(this.#outer.reason);
  readonly #silence: NotNow;
  readonly #idleMs: number;

  /** @param shown the address in messages @param idleMs how long no byte may come */
  constructor(shown: string, outer: AbortSignal, idleMs: number) {
    this.#outer = outer;
    this.#idleMs = idleMs;
    this.#silence = new NotNow(`${shown}: no byte for ${idleMs / 1000} s`);
    // Not AbortSignal.any(): a signal that lives for months would remember each one made from it.
    outer.addEventListener('abort', this.#interrupt, { once: true });
    if (outer.aborted) this.#interrupt();
  }

  /** For the request. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The result of work that must bring a byte in time. @throws NotNow when it does not */
  async limited<Result>(work: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#controller.abort(this.#silence), this.#idleMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The chunks of the body, each read when it is asked for. However the body ends, they end; `endText` says why. */
  async *chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    const reader = body.getReader();
    for (;;) {
      let chunk: Awaited<ReturnType<typeof reader.read>>;
      try {
        chunk = await this.limited(reader.read());
      } catch (error) {
        const cause = error instanceof Error && !(error instanceof NotNow) ? (error.cause ?? error) : error;
        this.endText = error === this.#silence ? `no byte for ${this.#idleMs / 1000} s` : errorText(cause);
        return;
      }
      if (chunk.done) return;
      yield chunk.value;
    }
  }

  /** Ends it. */
  close(): void {
    this.#outer.removeEventListener('abort', this.#interrupt);
    this.#controller.abort();
  }
}
