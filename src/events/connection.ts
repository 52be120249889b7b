/** One connection. It ends when it is idle for too long, when its owner aborts it, or when it is closed. */

import type { Readable } from 'node:stream';
import { connectionText } from '../http/exchange.ts';
import { NotNow } from '../http/request.ts';

export class Connection {
  /** Why the body ended, for messages. */
  endText = 'the server ended the stream';
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #interrupt = () => this.#controller.abort(this.#outer.reason);
  readonly #silence: NotNow;
  readonly #idleMs: number;

  /** @param shown the address for messages @param idleMs maximum time without a byte */
  constructor(shown: string, outer: AbortSignal, idleMs: number) {
    this.#outer = outer;
    this.#idleMs = idleMs;
    this.#silence = new NotNow(`${shown}: no byte for ${idleMs / 1000} s`);
    // Not AbortSignal.any(): a signal that lives for months would keep a reference to every derived one.
    outer.addEventListener('abort', this.#interrupt, { once: true });
    if (outer.aborted) this.#interrupt();
  }

  /** The signal for the request. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Awaits work that must yield a byte within the idle time. @throws NotNow when it does not */
  async limited<Result>(work: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#controller.abort(this.#silence), this.#idleMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The chunks of the body, read on demand. Never throws: `endText` says why they end. */
  async *chunks(body: Readable): AsyncGenerator<Uint8Array> {
    const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
    for (;;) {
      let chunk: IteratorResult<Uint8Array>;
      try {
        chunk = await this.limited(chunks.next());
      } catch (error) {
        this.endText =
          error === this.#silence ? `no byte for ${this.#idleMs / 1000} s` : connectionText(error);
        return;
      }
      if (chunk.done) return;
      yield chunk.value;
    }
  }

  close(): void {
    this.#outer.removeEventListener('abort', this.#interrupt);
    this.#controller.abort();
  }
}
