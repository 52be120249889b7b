/**
 * Receives messages for all takes of a group, and buffers those that are in no batch yet. Requests are never cancelled
 * before the end: messages already sent would be redelivered only after their lease.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../../async/clock.ts';
import type { Engine, Leased } from './engine.ts';
import type { Leases } from './leases.ts';

/** How often the process records that it is running. */
const PULSE_MS = 500;
/** Minimum interval of long polls that return nothing. */
const EMPTY_MS = 1000;

export class Arrivals {
  readonly #engine: Engine;
  readonly #leases: Leases;
  readonly #changed: () => void;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #waiting: Leased[] = [];
  #failure: { readonly error: unknown } | undefined;
  /** Whether the last request was filled, so that there may be more at once. */
  isPlenty = false;
  /** Number of long polls that returned nothing. */
  empties = 0;

  /** @param changed called on each response */
  constructor(engine: Engine, leases: Leases, changed: () => void) {
    this.#engine = engine;
    this.#leases = leases;
    this.#changed = changed;
  }

  /** Clears an earlier failure. */
  begin(): void {
    this.#failure = undefined;
  }

  /** The messages whose lease is still held, in order. */
  get waiting(): readonly Leased[] {
    if (this.#waiting.some((message) => !this.#leases.holds(message)))
      this.#waiting = this.#waiting.filter((message) => this.#leases.holds(message));
    return this.#waiting;
  }

  take(messages: readonly Leased[]): void {
    const taken = new Set(messages);
    this.#waiting = this.#waiting.filter((message) => !taken.has(message));
  }

  /** Starts requests for more, up to the limit. @throws an earlier failure */
  ask(count: number, waitMs: number): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { mostReceived, requestsAtOnce } = this.#engine;
    const most = this.isPlenty ? Math.min(Math.ceil(count / mostReceived), requestsAtOnce) : 1;
    for (let left = count; this.#running.size < most && left > 0; left -= mostReceived) {
      const request = this.#receive(Math.min(left, mostReceived), this.isPlenty ? 0 : waitMs);
      const running = request
        .catch((error) => {
          this.#failure = { error };
        })
        .finally(() => {
          this.#running.delete(running);
          this.#changed();
        });
      this.#running.add(running);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  async #receive(count: number, waitMs: number): Promise<void> {
    const askedAt = elapsedMs();
    let [awakeAt, lastPulse] = [askedAt, askedAt];
    const awake = () => {
      [awakeAt, lastPulse] = [lastPulse, elapsedMs()];
    };
    const pulse = setInterval(awake, Math.min(PULSE_MS, this.#engine.leaseMs / 20)).unref();
    const request = this.#engine.receive(count, waitMs, this.#closing.signal);
    const { messages, since } = await request.finally(() => clearInterval(pulse));
    // After a suspension of the process, the lease may have begun long ago: count it from the last pulse before.
    this.#leases.hold(messages, Math.min(since, awakeAt));
    this.#waiting.push(...messages);
    this.isPlenty = messages.length === count && this.#engine.requestsAtOnce > 1;
    if (messages.length > 0 || waitMs === 0) return;
    this.empties++;
    // Some servers do not long-poll: do not ask them again at once.
    const leftMs = Math.min(waitMs, EMPTY_MS) - (elapsedMs() - askedAt);
    if (leftMs > 0) await sleep(leftMs, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
