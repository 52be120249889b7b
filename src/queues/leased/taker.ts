/** Takes batches for a group: those that were given back when their time has come, else of what has arrived. */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { LONGEST_TIMER_MS } from '../../async/time-limit.ts';
import { type HeldBatch, HeldBatches } from '../held-batches.ts';
import type { TakenBatch, TakeRequest } from '../queue.ts';
import { Arrivals } from './arrivals.ts';
import { LeasedBatch } from './batch.ts';
import type { Engine, Leased } from './engine.ts';
import { Leases } from './leases.ts';

/** Of a taker that ends when the queue is empty: some engines look everywhere only when they may wait. */
const LAST_LOOK_MS = 1000;
/** Messages that wait for others of their key, in this process: with more of them no others are asked for. */
const MOST_WAITING = 1000;
/** How long a message that has arrived may wait while nobody here takes it, before it is left to others. */
const SPARE_MS = 1000;

type Batch = HeldBatch<Leased>;
type Lane = number | string;

export class LeasedTaker {
  readonly #engine: Engine;
  readonly #leases: Leases;
  readonly #arrivals: Arrivals;
  readonly #bell = new Bell();
  readonly #held = new HeldBatches<Leased>();
  /** Those that are out. */
  readonly #out = new Set<Batch>();
  /** Of each lane of which a batch is out or held: a batch with keys that have an order, and its halves. */
  readonly #keys = new Map<Lane, ReadonlySet<string>>();
  #lanes = 0;
  /** Calls of `take` that wait. */
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

  /** What is not acknowledged comes again at once. */
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
      const mayAsk = arrivals.waiting.length - messages.length < MOST_WAITING;
      const isDone = lingerLeft === 0 && !(arrivals.isPlenty && mayAsk);
      if (isFull || (messages.length > 0 && isDone)) return this.#give(this.#newBatch(messages), group);
      if (endsWhenEmpty && arrivals.empties > empties) {
        ({ empties } = arrivals);
        if (this.#isIdle && (await this.#engine.isEmpty())) return undefined;
        // Something may have come meanwhile.
        continue;
      }
      const heldMs = this.#held.msToNext((lane) => this.#isOut(lane)) ?? LONGEST_TIMER_MS;
      const pauseMs = Math.min(heldMs, lingerLeft || LONGEST_TIMER_MS, LONGEST_TIMER_MS);
      if (mayAsk)
        arrivals.ask(count - messages.length, endsWhenEmpty ? Math.min(pauseMs, LAST_LOOK_MS) : pauseMs);
      await this.#bell.wait(pauseMs, signal);
    }
    return undefined;
  }

  /** A batch that was given back, unless some of it may be another's by now. */
  #nextHeld(): Batch | undefined {
    for (;;) {
      const held = this.#held.take((lane) => this.#isOut(lane));
      if (held === undefined || held.messages.every((message) => this.#leases.holds(message))) return held;
      void this.#lose(held);
      this.#end(held);
    }
  }

  /** What a new batch could have now: nothing whose key is in another one. */
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

  /** What is left of it comes again, and then all that is here of its keys: behind it. */
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
