/** Takes batches for a group: first returned batches whose delay is over, then newly received messages. */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { LONGEST_TIMER_MS } from '../../async/time-limit.ts';
import { type HeldBatch, HeldBatches } from '../held-batches.ts';
import type { TakenBatch, TakeRequest } from '../queue.ts';
import { Arrivals } from './arrivals.ts';
import { LeasedBatch } from './batch.ts';
import type { Engine, Leased } from './engine.ts';
import { Leases } from './leases.ts';

/** Long-poll timeout with `endsWhenEmpty`: some engines query all their servers only on a long poll. */
const LAST_POLL_MS = 1000;
/** Stop receiving while this many messages wait for another batch with their key. */
const MAX_WAITING = 1000;
/** How long received messages wait for a local taker before they are released to others. */
const SPARE_MS = 1000;

type Batch = HeldBatch<Leased>;
type Lane = number | string;

export class LeasedTaker {
  readonly #engine: Engine;
  readonly #leases: Leases;
  readonly #arrivals: Arrivals;
  readonly #bell = new Bell();
  readonly #held = new HeldBatches<Leased>();
  /** Batches in flight. */
  readonly #out = new Set<Batch>();
  /** The keys of each lane with a batch in flight or held. A lane is a batch with ordered keys, with its halves. */
  readonly #keys = new Map<Lane, ReadonlySet<string>>();
  #lanes = 0;
  /** Number of pending `take` calls. */
  #takes = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#leases = new Leases(engine);
    this.#arrivals = new Arrivals(engine, this.#leases, () => this.#arrived());
  }

  /** See `Queue`. */
  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    if (this.#takes++ === 0) this.#arrivals.begin();
    try {
      return await this.#take(request);
    } finally {
      this.#takes--;
    }
  }

  /** Releases everything that is not acknowledged. */
  async close(): Promise<void> {
    await this.#arrivals.close();
    await this.#leases.close();
  }

  async #take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const { group, count, lingerMs, endsWhenEmpty, signal } = request;
    const arrivals = this.#arrivals;
    let { empties } = arrivals;
    let seenAt: number | undefined;
    while (!signal.aborted) {
      const held = this.#nextHeld();
      if (held !== undefined) return this.#give(held, group);
      const { messages, isFull } = this.#choose(request);
      if (messages.length > 0) seenAt ??= elapsedMs();
      const lingerLeft = Math.max(0, (seenAt ?? Number.POSITIVE_INFINITY) + lingerMs - elapsedMs());
      const mayAsk = arrivals.waiting.length - messages.length < MAX_WAITING;
      const isDone = lingerLeft === 0 && !(arrivals.isPlenty && mayAsk);
      if (isFull || (messages.length > 0 && isDone)) return this.#give(this.#newBatch(messages), group);
      if (endsWhenEmpty && arrivals.empties > empties) {
        ({ empties } = arrivals);
        if (this.#isIdle && (await this.#engine.isEmpty())) return undefined;
        // More may have arrived.
        continue;
      }
      const heldMs = this.#held.msToNext((lane) => this.#isOut(lane)) ?? LONGEST_TIMER_MS;
      const pauseMs = Math.min(heldMs, lingerLeft || LONGEST_TIMER_MS, LONGEST_TIMER_MS);
      if (mayAsk)
        arrivals.ask(count - messages.length, endsWhenEmpty ? Math.min(pauseMs, LAST_POLL_MS) : pauseMs);
      await this.#bell.wait(pauseMs, signal);
    }
    return undefined;
  }

  /** A returned batch; drops those that another taker may have. */
  #nextHeld(): Batch | undefined {
    for (;;) {
      const held = this.#held.take((lane) => this.#isOut(lane));
      if (held === undefined || held.messages.every((message) => this.#leases.holds(message))) return held;
      void this.#lose(held);
      this.#end(held);
    }
  }

  /** The messages for a new batch: none whose key is in another batch. */
  #choose({ count, bytes }: TakeRequest): { readonly messages: Leased[]; readonly isFull: boolean } {
    const busy = new Set([...this.#keys.values()].flatMap((keys) => [...keys]));
    const messages: Leased[] = [];
    let left = bytes;
    for (const message of this.#arrivals.waiting) {
      if (message.key !== undefined && busy.has(message.key)) continue;
      left -= message.body.length;
      if (messages.length > 0 && left < 0) return { messages, isFull: true };
      messages.push(message);
      if (messages.length >= count || left <= 0) return { messages, isFull: true };
    }
    return { messages, isFull: false };
  }

  #newBatch(messages: readonly Leased[]): Batch {
    this.#arrivals.take(messages);
    const batch = { messages, tries: 0, delays: 0 };
    const keys = new Set(this.#engine.hasOrder ? messages.flatMap(({ key }) => key ?? []) : []);
    if (keys.size === 0) return { ...batch, lane: undefined };
    const lane = this.#lanes++;
    this.#keys.set(lane, keys);
    return { ...batch, lane };
  }

  #give(batch: Batch, group: string): TakenBatch {
    this.#out.add(batch);
    return new LeasedBatch(batch, {
      ...{ engine: this.#engine, leases: this.#leases, group },
      hold: (again) => this.#held.giveBack(batch, again),
      halve: (tries) => this.#held.halve(batch, tries),
      lose: () => this.#lose(batch),
      done: () => this.#end(batch),
    });
  }

  /** Releases the batch, and everything later with its keys, so that order is kept on redelivery. */
  async #lose({ lane, messages }: Batch): Promise<void> {
    const keys = lane === undefined ? undefined : this.#keys.get(lane);
    const later = this.#arrivals.waiting.filter(({ key }) => key !== undefined && keys?.has(key));
    const halves = lane === undefined ? [] : this.#held.drop(lane).flatMap((half) => half.messages);
    this.#arrivals.take(later);
    await this.#leases.release([...messages, ...halves, ...later]);
  }

  #end(batch: Batch): void {
    const { lane } = batch;
    this.#out.delete(batch);
    if (lane !== undefined && !this.#held.holds(lane)) this.#keys.delete(lane);
    this.#bell.ring();
  }

  #isOut(lane: Lane): boolean {
    return [...this.#out].some((batch) => batch.lane === lane);
  }

  get #isIdle(): boolean {
    return this.#held.isEmpty && this.#out.size === 0 && this.#arrivals.waiting.length === 0;
  }

  #arrived(): void {
    if (this.#takes === 0) setTimeout(() => this.#releaseSpare(), SPARE_MS).unref();
    this.#bell.ring();
  }

  async #releaseSpare(): Promise<void> {
    if (this.#takes > 0) return;
    const { waiting } = this.#arrivals;
    this.#arrivals.take(waiting);
    await this.#leases.release(waiting);
  }
}
