/**
 * Receives messages for all takes of a group, and has those that are in no batch yet. No request is broken off before the
 * end: what the engine has sent by then would come again only when its lease is over.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../../async/clock.ts';
import type { Engine, Leased } from './engine.ts';
import type { Leases } from './leases.ts';

/** How often it is noted that this process runs. */
const PULSE_MS = 500;
/** The least time between two requests that wait for messages, when the first got none. */
const EMPTY_MS = 1000;

export class Arrivals {
  readonly #engine: Engine;
  readonly #leases: Leases;
  readonly #changed: () => void;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #waiting: Leased[] = [];
  #failure: { readonly error: unknown } | undefined;
  /** Whether the last request got all that it wanted, so that there may be more at once. */
  isPlenty = false;
  /** Requests that waited for a time, and got nothing. */
  empties = 0;

  /** @param changed hears of each answer */
  constructor(engine: Engine, leases: Leases, changed: () => void) {
    this.#engine = engine;
    this.#leases = leases;
    this.#changed = changed;
  }

  /** A failure of earlier does not count. */
  begin(): void {
    this.#failure = undefined;
  }

  /** Those that are ours, in their order. */
  get waiting(): readonly Leased[] {
    if (this.#waiting.some((message) => !this.#leases.holds(message)))
      this.#waiting = this.#waiting.filter((message) => this.#leases.holds(message));
    return this.#waiting;
  }

  take(messages: readonly Leased[]): void {
    const taken = new Set(messages);
    this.#waiting = this.#waiting.filter((message) => !taken.has(message));
  }

  /** Asks for more, unless that is being done. @throws what has failed */
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
    // What has come while this process was suspended is read after at most one pulse.
    this.#leases.hold(messages, Math.min(since, awakeAt));
    this.#waiting.push(...messages);
    this.isPlenty = messages.length === count && this.#engine.requestsAtOnce > 1;
    if (messages.length > 0 || waitMs === 0) return;
    this.empties++;
    // Some servers, and whatever else answers, do not wait as they are told.
    const leftMs = Math.min(waitMs, EMPTY_MS) - (elapsedMs() - askedAt);
    if (leftMs > 0) await sleep(leftMs, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
