/** A batch in flight from a topic. */

import type { HeldBatch, HeldBatches } from '../held-batches.ts';
import type { Again, Reason, StoredMessage, TakenBatch } from '../queue.ts';
import { type Commits, lost } from './commits.ts';
import type { Lane } from './lane.ts';

/** A fetched message and its lane. */
export interface Taken {
  readonly lane: Lane;
  readonly message: StoredMessage;
}

interface Settings {
  readonly shown: string;
  readonly commits: Commits;
  readonly held: HeldBatches<Taken>;
  /** Called when it is no longer in flight. */
  done(): void;
  putAside(message: StoredMessage, partition: number, reason: Reason): Promise<void>;
}

export class KafkaBatch implements TakenBatch {
  readonly #settings: Settings;
  readonly #held: HeldBatch<Taken>;
  readonly #lane: Lane;
  readonly messages: readonly StoredMessage[];
  readonly tries: number;
  readonly delays: number;
  readonly lease = undefined;

  constructor(lane: Lane, held: HeldBatch<Taken>, settings: Settings) {
    this.#settings = settings;
    this.#lane = lane;
    this.#held = held;
    this.messages = held.messages.map(({ message }) => message);
    this.tries = held.tries;
    this.delays = held.delays;
  }

  get queueId(): string {
    return this.#lane.topicId.replaceAll('-', '');
  }

  get partition(): number {
    return this.#lane.partition;
  }

  async acknowledge(): Promise<void> {
    this.#settings.done();
    this.#assertOurs();
    this.#lane.finish(this.messages[0]?.sequence ?? 0);
    await this.#settings.commits.save(this.#lane);
  }

  async giveBack(again: Again): Promise<void> {
    this.#settings.done();
    this.#assertOurs();
    this.#settings.held.giveBack(this.#held, again);
  }

  async halve(tries: number): Promise<void> {
    if (this.messages.length < 2) throw new RangeError('a single message has no halves');
    this.#settings.done();
    this.#assertOurs();
    const middle = this.messages.length >> 1;
    this.#lane.split([this.messages.slice(0, middle), this.messages.slice(middle)]);
    this.#settings.held.halve(this.#held, tries);
  }

  async bury(reason: Reason): Promise<void> {
    const [message] = this.messages;
    if (message === undefined || this.messages.length > 1) throw new RangeError('not a single message');
    this.#assertOurs();
    await this.#settings.putAside(message, this.partition, reason);
    await this.acknowledge();
  }

  /** @throws LostBatch */
  #assertOurs(): void {
    if (!this.#lane.isOurs) throw lost(this.#settings.shown, this.#lane);
  }
}
