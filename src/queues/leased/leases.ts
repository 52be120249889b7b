/** Extends the leases of messages that are out every third of their length, for as long as they are in our hands. */

import { elapsedMs } from '../../async/clock.ts';
import { Failure, isTemporary } from '../../failure.ts';
import type { Engine, Leased } from './engine.ts';

export class Leases {
  readonly #engine: Engine;
  /** Until when each is ours, in elapsed milliseconds. */
  readonly #ends = new Map<Leased, number>();
  readonly #timer: NodeJS.Timeout;
  #extending: Promise<void> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    const extend = () => {
      // While the engine is away, one request at a time waits for it.
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

  /** Whether a message is still ours, as far as we know. */
  holds(message: Leased): boolean {
    return (this.#ends.get(message) ?? 0) > elapsedMs();
  }

  forget(messages: readonly Leased[]): void {
    for (const message of messages) this.#ends.delete(message);
  }

  /** Those that are ours come again at once; if that cannot be asked for, when their leases are over. */
  async release(messages: readonly Leased[]): Promise<void> {
    const ours = messages.filter((message) => this.holds(message));
    this.forget(messages);
    if (ours.length === 0) return;
    // It would keep them out for longer.
    await this.#extending;
    try {
      await this.#engine.release(ours);
    } catch (error) {
      this.#tell(error, `messages come again in ${this.#engine.leaseMs / 1000} s`);
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
      // To ask for more time is of no use: who works on them learns of it at the end.
      this.forget(lost.map(({ item }) => item));
    } catch (error) {
      this.#tell(error, 'messages in work may come again');
    }
  }

  /** What may pass is tried again in time, or else tells of itself later. */
  #tell(error: unknown, what: string): void {
    if (!(error instanceof Failure)) throw error;
    const { warn, explain } = this.#engine.settings;
    const tell = isTemporary(error) ? explain : warn;
    tell(`${error.message}: ${what}`);
  }
}
