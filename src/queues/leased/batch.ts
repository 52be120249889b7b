/** A batch that is out. */

import type { HeldBatch } from '../held-batches.ts';
import { type Again, LostBatch, type Reason, type TakenBatch } from '../queue.ts';
import type { Engine, Leased, Lost } from './engine.ts';
import type { Leases } from './leases.ts';

/** What a batch comes from. */
interface Origin {
  readonly engine: Engine;
  readonly leases: Leases;
  readonly group: string;
  /** Keeps it in this process until its time has come. */
  hold(again: Again): void;
  /** Keeps its halves. */
  halve(tries: number): void;
  /** Lets go of it, since some of it may be another's by now. */
  lose(): Promise<void>;
  /** It is no longer out. */
  done(): void;
}

export class LeasedBatch implements TakenBatch {
  readonly #origin: Origin;
  readonly #lane: HeldBatch<Leased>['lane'];
  // The names of messages tell queues apart.
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

  /** Also when a lease is over, since that may be in time. */
  async acknowledge(): Promise<void> {
    const { engine, leases, lose, done } = this.#origin;
    const over = this.#over();
    try {
      const told = await engine.acknowledge(this.messages);
      leases.forget(this.messages);
      this.#assertNone(told.length > 0 ? told : over);
    } catch (error) {
      // It comes again, and what is behind it must not come before it.
      await lose();
      throw error;
    } finally {
      done();
    }
  }

  /**
   * One that no command has had goes back to the queue: others may work on it. All else stays here: engines count how often
   * a message is received, and of an order later messages may be here already.
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
    if (this.#over().length > 0) return this.#return(() => {});
    await engine.putDead(message, reason, group).catch(async (error) => {
      await lose().finally(done);
      throw error;
    });
    await this.acknowledge();
  }

  /** @throws LostBatch */
  async #return(work: () => void | Promise<void>): Promise<void> {
    const over = this.#over();
    try {
      await (over.length > 0 ? this.#origin.lose() : work());
    } finally {
      this.#origin.done();
    }
    this.#assertNone(over);
  }

  #over(): Lost[] {
    const over = this.messages.filter((message) => !this.#origin.leases.holds(message));
    return over.map((item) => ({ item }));
  }

  #assertNone(lost: readonly Lost[]): void {
    const [first] = lost;
    if (first === undefined) return;
    const { item, reason = 'out for longer than the lease' } = first;
    const which = lost.length === 1 ? `message ${item.messageId}` : `${lost.length} messages`;
    throw new LostBatch(`${this.#origin.engine.shown}: ${which} may come again: ${reason}`);
  }
}
