/** A batch of Pub/Sub that is out. */

import type { HeldBatch } from '../held-batches.ts';
import { type Again, LostBatch, type Reason, type StoredMessage, type TakenBatch } from '../queue.ts';
import type { Connection } from './connection.ts';
import { codes, isRefusal } from './failures.ts';
import { idsOf, type Leases, requestsOf, type Taken } from './leases.ts';

/** What a batch comes from. */
export interface Out {
  readonly shown: string;
  readonly connection: Connection;
  readonly subscription: string;
  readonly leases: Leases;
  /** Holds it, here. */
  giveBack(again: Again): void;
  halve(tries: number): void;
  putDead(message: StoredMessage, reason: Reason): Promise<void>;
  /** Hears that it is out no longer. @param isUsed whether its messages are not ours any more */
  done(isUsed: boolean): void;
}

export class PubsubBatch implements TakenBatch {
  readonly #taken: readonly Taken[];
  readonly #out: Out;
  // The names of messages tell queues apart.
  readonly queueId = '';
  readonly partition = 0;
  readonly lease = undefined;
  readonly messages: readonly StoredMessage[];
  readonly tries: number;
  readonly delays: number;

  constructor({ messages, tries, delays }: HeldBatch<Taken>, out: Out) {
    this.#taken = messages;
    this.#out = out;
    this.messages = messages.map(({ message }) => message);
    this.tries = tries;
    this.delays = delays;
  }

  /** Also when the lease is over, since that may be in time. */
  async acknowledge(): Promise<void> {
    const { connection, subscription, leases, done } = this.#out;
    let isLost = leases.isLost(this.#taken);
    try {
      for (const part of requestsOf(this.#taken))
        try {
          await connection.ask('Subscriber/Acknowledge', { subscription, ackIds: idsOf(part) });
        } catch (error) {
          // A subscription that delivers exactly once says so.
          if (!isRefusal(error, codes.failedPrecondition, codes.invalidArgument)) throw error;
          isLost = true;
        }
    } finally {
      done(true);
    }
    if (isLost) throw this.#lost();
  }

  async giveBack(again: Again): Promise<void> {
    this.#return(() => this.#out.giveBack(again));
  }

  async halve(tries: number): Promise<void> {
    if (this.messages.length < 2) throw new RangeError('a single message has no halves');
    this.#return(() => this.#out.halve(tries));
  }

  async bury(reason: Reason): Promise<void> {
    const [message] = this.messages;
    if (message === undefined || this.messages.length > 1) throw new RangeError('not a single message');
    if (this.#out.leases.isLost(this.#taken)) return this.#return(() => {});
    try {
      await this.#out.putDead(message, reason);
    } catch (error) {
      this.#out.done(true);
      throw error;
    }
    await this.acknowledge();
  }

  #return(hold: () => void): void {
    const isLost = this.#out.leases.isLost(this.#taken);
    if (!isLost) hold();
    this.#out.done(isLost);
    if (isLost) throw this.#lost();
  }

  #lost(): LostBatch {
    const { length } = this.messages;
    const what = length === 1 ? 'a message was' : `${length} messages were`;
    return new LostBatch(`${this.#out.shown}: ${what} out for longer than the lease, and may come again`);
  }
}
