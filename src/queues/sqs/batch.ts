/** A batch that is out. */

import type { HeldBatch } from '../held-batches.ts';
import { type Again, LostBatch, type Reason, type TakenBatch } from '../queue.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Leases } from './leases.ts';
import type { Received } from './message.ts';

interface Settings {
  readonly group: string;
  /** Of the queue, for messages. */
  readonly shown: string;
  readonly isFifo: boolean;
  readonly leases: Leases;
  readonly dead: DeadLetters;
  /** It is no longer out. */
  done(): void;
  /** Keeps it in this process until its time has come. */
  hold(again: Again): void;
  /** Keeps its halves. */
  halve(tries: number): void;
}

export class SqsBatch implements TakenBatch {
  readonly queueId = '';
  readonly partition = 0;
  readonly lease = undefined;
  readonly messages: readonly Received[];
  readonly tries: number;
  readonly delays: number;
  readonly #settings: Settings;

  constructor({ messages, tries, delays }: HeldBatch<Received>, settings: Settings) {
    this.messages = messages;
    this.tries = tries;
    this.delays = delays;
    this.#settings = settings;
  }

  async acknowledge(): Promise<void> {
    const { leases, shown, done } = this.#settings;
    try {
      const lost = await leases.delete(this.messages);
      const [first] = lost;
      if (first === undefined) return;
      const which = lost.length === 1 ? `message ${first.item.messageId}` : `${lost.length} messages`;
      throw new LostBatch(`${shown}: ${which} may come again: ${first.reason}`);
    } finally {
      done();
    }
  }

  /**
   * One that no command has had goes back to the queue: others may work on it. All else stays here: the queue counts how
   * often it is received, and of a queue .fifo later messages may be here already.
   */
  async giveBack(again: Again): Promise<void> {
    const { isFifo, leases, hold, done } = this.#settings;
    const { delayMs, tries, delays } = again;
    const isAsBefore = delayMs === 0 && tries === this.tries && delays === this.delays;
    if (!isAsBefore || isFifo) return hold(again);
    try {
      await leases.release(this.messages);
    } finally {
      done();
    }
  }

  async halve(tries: number): Promise<void> {
    this.#settings.halve(tries);
  }

  async bury(reason: Reason): Promise<void> {
    const [message, ...others] = this.messages;
    if (message === undefined || others.length > 0) throw new RangeError('only a single message is buried');
    const { dead, group } = this.#settings;
    await dead.put(message, reason, group);
    await this.acknowledge();
  }
}
