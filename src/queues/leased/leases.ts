/** Extends the leases of all messages held by this process, every third of a lease. */

import { elapsedMs } from '../../async/clock.ts';
import { Failure, isTemporary } from '../../failure.ts';
import type { Engine, Leased } from './engine.ts';

export class Leases {
  readonly #engine: Engine;
  /** When each lease expires, in elapsed milliseconds. */
  readonly #ends = new Map<Leased, number>();
  readonly #timer: NodeJS.Timeout;
  #extending: Promise<void> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    const extend = () => {
      // While the engine is away, only one request waits for it.
      this.#extending ??= this.#extend().finally(() => {
        this.#extending = undefined;
      });
    };
    this.#timer = setInterval(extend, engine.leaseMs / 3).unref();
  }

  /** @param since when their leases began, in elapsed milliseconds */
  hold(messages: readonly Leased[], since: number): void {
    for (const message of messages) this.#ends.set(message, since + this.#engine.leaseMs);
  }

  /** Whether the lease of a message is still held, as far as known. */
  holds(message: Leased): boolean {
    return (this.#ends.get(message) ?? 0) > elapsedMs();
  }

  forget(messages: readonly Leased[]): void {
    for (const message of messages) this.#ends.delete(message);
  }

  /** Releases the messages still held. When that fails, they are redelivered after their leases. */
  async release(messages: readonly Leased[]): Promise<void> {
    const ours = messages.filter((message) => this.holds(message));
    this.forget(messages);
    if (ours.length === 0) return;
    // An extension in flight would undo the release.
    await this.#extending;
    try {
      await this.#engine.release(ours);
    } catch (error) {
      this.#report(error, `messages come again in ${this.#engine.leaseMs / 1000} s`);
    }
  }

  /** Releases all. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.release([...this.#ends.keys()]);
  }

  async #extend(): Promise<void> {
    const since = elapsedMs();
    this.forget([...this.#ends.keys()].filter((message) => !this.holds(message)));
    const messages = [...this.#ends.keys()];
    if (messages.length === 0) return;
    try {
      const lost = await this.#engine.extend(messages);
      this.hold(
        messages.filter((message) => this.#ends.has(message)),
        since,
      );
      // No more extensions: the worker learns of the loss when it acknowledges.
      this.forget(lost.map(({ item }) => item));
    } catch (error) {
      this.#report(error, 'messages in work may come again');
    }
  }

  /** A temporary failure is only explained: it is retried in time, or shows later. */
  #report(error: unknown, what: string): void {
    if (!(error instanceof Failure)) throw error;
    const { warn, explain } = this.#engine.settings;
    const tell = isTemporary(error) ? explain : warn;
    tell(`${error.message}: ${what}`);
  }
}
