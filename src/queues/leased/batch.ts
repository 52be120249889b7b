/** A batch in flight. */

import type { HeldBatch } from '../held-batches.ts';
import { type Again, LostBatch, type Reason, type TakenBatch } from '../queue.ts';
import type { Engine, Leased, Lost } from './engine.ts';
import type { Leases } from './leases.ts';

/** Where a batch comes from. */
interface Origin {
  readonly engine: Engine;
  readonly leases: Leases;
  readonly group: string;
  /** Keeps it in this process for the delay. */
  hold(again: Again): void;
  /** Keeps both halves in this process. */
  halve(tries: number): void;
  /** Drops it, since another taker may have some of it. */
  lose(): Promise<void>;
  /** Called when it is no longer in flight. */
  done(): void;
}

export class LeasedBatch implements TakenBatch {
  readonly #origin: Origin;
  readonly #lane: HeldBatch<Leased>['lane'];
  // Message ids are unique across queues.
  readonly queueId = '';
  readonly partition = 0;
  readonly lease = undefined;
  readonly messages: readonly Leased[];
  readonly tries: number;
  readonly delays: number;

  constructor({ lane, messages, tries, delays }: HeldBatch<Leased>, origin: Origin) {
    this.#origin = origin;
    this.#lane = lane;
    this.messages = messages;
    this.tries = tries;
    this.delays = delays;
  }

  /** Tries even after the lease has expired: it may still be in time. */
  async acknowledge(): Promise<void> {
    const { engine, leases, lose, done } = this.#origin;
    const expired = this.#expired();
    try {
      const lost = await engine.acknowledge(this.messages);
      leases.forget(this.messages);
      this.#assertNone(lost.length > 0 ? lost : expired);
    } catch (error) {
      // It is redelivered, so the later messages of its keys must not overtake it.
      await lose();
      throw error;
    } finally {
      done();
    }
  }

  /**
   * Returns an untried batch to the queue, for other takers. Any other stays in this process: engines count deliveries,
   * and later messages of an ordered key may already be here.
   */
  giveBack(again: Again): Promise<void> {
    const { leases, hold } = this.#origin;
    const { delayMs, tries, delays } = again;
    const isAsBefore = delayMs === 0 && tries === this.tries && delays === this.delays;
    return this.#return(() =>
      isAsBefore && this.#lane === undefined ? leases.release(this.messages) : hold(again),
    );
  }

  async halve(tries: number): Promise<void> {
    if (this.messages.length < 2) throw new RangeError('a single message has no halves');
    await this.#return(() => this.#origin.halve(tries));
  }

  async bury(reason: Reason): Promise<void> {
    const [message, ...others] = this.messages;
    if (message === undefined || others.length > 0) throw new RangeError('only a single message is buried');
    const { engine, group, lose, done } = this.#origin;
    if (this.#expired().length > 0) return this.#return(() => {});
    await engine.putDead(message, reason, group).catch(async (error) => {
      await lose().finally(done);
      throw error;
    });
    await this.acknowledge();
  }

  /** @throws LostBatch */
  async #return(work: () => void | Promise<void>): Promise<void> {
    const expired = this.#expired();
    try {
      await (expired.length > 0 ? this.#origin.lose() : work());
    } finally {
      this.#origin.done();
    }
    this.#assertNone(expired);
  }

  #expired(): Lost[] {
    const expired = this.messages.filter((message) => !this.#origin.leases.holds(message));
    return expired.map((item) => ({ item }));
  }

  #assertNone(lost: readonly Lost[]): void {
    const [first] = lost;
    if (first === undefined) return;
    const { item, reason = 'not acknowledged within the lease' } = first;
    const which = lost.length === 1 ? `message ${item.messageId}` : `${lost.length} messages`;
    throw new LostBatch(`${this.#origin.engine.shown}: ${which} may come again: ${reason}`);
  }
}
