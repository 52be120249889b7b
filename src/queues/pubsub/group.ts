/** A group of takers: a subscription, from which batches are taken. */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { LONGEST_TIMER_MS } from '../../async/time-limit.ts';
import { type HeldBatch, HeldBatches } from '../held-batches.ts';
import type { TakenBatch, TakeRequest } from '../queue.ts';
import { Arrivals } from './arrivals.ts';
import { type Out, PubsubBatch } from './batch.ts';
import type { Connection } from './connection.ts';
import { Leases, type Taken } from './leases.ts';
import { Pool } from './pool.ts';

/** For so long a message that has arrived may wait while nobody here takes it, before it is left to others. */
const SPARE_MS = 1000;

interface GroupSettings {
  readonly shown: string;
  readonly connection: Connection;
  readonly subscription: string;
  /** How long a message is out before it comes again, unless that is made longer. */
  readonly leaseSeconds: number;
  readonly putDead: Out['putDead'];
}

export class Group {
  readonly #settings: GroupSettings;
  readonly #leases: Leases;
  readonly #arrivals: Arrivals;
  readonly #pool = new Pool();
  readonly #held = new HeldBatches<Taken>();
  /** Of batches with keys that are out. */
  readonly #lanesOut = new Set<number | string>();
  readonly #changed = new Bell();
  #batchesOut = 0;
  #lanes = 0;
  /** Calls of `take` that wait. */
  #waiting = 0;
  /** Answers that brought nothing. */
  #emptyAnswers = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(settings: GroupSettings) {
    this.#settings = settings;
    const { connection, subscription, leaseSeconds } = settings;
    this.#leases = new Leases(connection, subscription, leaseSeconds);
    this.#arrivals = new Arrivals({
      ...{ connection, subscription },
      arrived: (messages) => this.#arrived(messages),
      paused: () => this.#changed.ring(),
      failed: (error) => {
        this.#failure = { error };
        this.#changed.ring();
      },
    });
  }

  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    if (this.#waiting === 0) {
      this.#arrivals.begin();
      this.#failure = undefined;
    }
    this.#waiting++;
    try {
      return await this.#take(request);
    } finally {
      this.#waiting--;
    }
  }

  /** What is not acknowledged comes again at once. */
  async close(): Promise<void> {
    await this.#arrivals.close();
    await this.#leases.giveUpAll();
  }

  async #take({
    count,
    bytes,
    lingerMs,
    endsWhenEmpty,
    signal,
  }: TakeRequest): Promise<TakenBatch | undefined> {
    const limits = { count, bytes };
    const emptyBefore = this.#emptyAnswers;
    let firstSeen: number | undefined;
    while (!signal.aborted) {
      const held = this.#takeHeld();
      if (held !== undefined) return held;
      this.#pool.drop((each) => this.#leases.isLost([each]));
      const { ready, isFull } = this.#pool.look(limits);
      if (ready > 0) firstSeen ??= elapsedMs();
      const lingerLeft = firstSeen === undefined ? LONGEST_TIMER_MS : lingerMs - (elapsedMs() - firstSeen);
      if (ready > 0 && (isFull || lingerLeft <= 0)) return this.#takeNew(limits);
      if (this.#failure !== undefined) throw this.#failure.error;
      if (endsWhenEmpty && this.#emptyAnswers > emptyBefore && this.#isIdle()) return undefined;
      this.#arrivals.ask(count - ready);
      await this.#changed.wait(Math.max(0, Math.min(lingerLeft, this.#msToHeld())), signal);
    }
    return undefined;
  }

  #isIdle(): boolean {
    return this.#held.isEmpty && this.#pool.isEmpty && this.#batchesOut === 0;
  }

  /** A batch that was given back, unless it may be another's by now. */
  #takeHeld(): TakenBatch | undefined {
    for (;;) {
      const held = this.#held.take((lane) => this.#lanesOut.has(lane));
      if (held === undefined || !this.#leases.isLost(held.messages)) return held && this.#out(held);
      this.#pool.free(held.messages);
      this.#leases.letGo(held.messages);
    }
  }

  #takeNew(limits: Parameters<Pool['take']>[0]): TakenBatch {
    const messages = this.#pool.take(limits);
    const hasKeys = messages.some(({ message }) => message.key !== undefined);
    return this.#out({ lane: hasKeys ? this.#lanes++ : undefined, messages, tries: 0, delays: 0 });
  }

  #msToHeld(): number {
    return this.#held.msToNext((lane) => this.#lanesOut.has(lane)) ?? LONGEST_TIMER_MS;
  }

  #arrived(messages: readonly Taken[]): void {
    if (messages.length === 0) this.#emptyAnswers++;
    this.#leases.keep(messages);
    this.#pool.add(messages);
    if (this.#waiting === 0 && messages.length > 0) setTimeout(() => this.#giveUpSpare(), SPARE_MS).unref();
    this.#changed.ring();
  }

  #giveUpSpare(): void {
    if (this.#waiting === 0) this.#leases.giveUp(this.#pool.takeAll());
  }

  #out(batch: HeldBatch<Taken>): TakenBatch {
    this.#batchesOut++;
    if (batch.lane !== undefined) this.#lanesOut.add(batch.lane);
    return new PubsubBatch(batch, {
      ...this.#settings,
      leases: this.#leases,
      giveBack: (again) => this.#held.giveBack(batch, again),
      halve: (tries) => this.#held.halve(batch, tries),
      done: (isUsed) => this.#done(batch, isUsed),
    });
  }

  #done({ lane, messages }: HeldBatch<Taken>, isUsed: boolean): void {
    this.#batchesOut--;
    if (lane !== undefined) this.#lanesOut.delete(lane);
    if (isUsed) {
      this.#pool.free(messages);
      this.#leases.letGo(messages);
    }
    this.#changed.ring();
  }
}
