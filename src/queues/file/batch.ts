/** A batch in flight from a queue file. */

import { deadLetter } from '../dead-letter.ts';
import type { Again, Reason, StoredMessage, TakenBatch } from '../queue.ts';
import type { Commits, OpenQueueFile } from './commits.ts';
import { Group, type TakenRange } from './groups.ts';
import type { Lease } from './leases.ts';

interface Settings {
  readonly commits: Commits;
  readonly isDead: boolean;
  readonly queueId: string;
  readonly group: string;
  readonly range: TakenRange;
  readonly messages: readonly StoredMessage[];
  readonly lease: Lease;
  now(): number;
  /** Called when it is no longer in flight. */
  done(): void;
}

export class FileBatch implements TakenBatch {
  readonly #settings: Settings;
  readonly queueId: string;
  readonly partition: number;
  readonly messages: readonly StoredMessage[];
  readonly tries: number;
  readonly delays: number;
  readonly lease: number;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { range, messages, lease } = settings;
    this.queueId = settings.queueId;
    this.partition = range.partition;
    this.messages = messages;
    this.tries = range.tries;
    this.delays = range.delays;
    this.lease = lease.descriptor;
  }

  acknowledge(): Promise<void> {
    return this.#finish((group, now) => group.acknowledge(this.#settings.range, this.#bytes(), now));
  }

  giveBack(again: Again): Promise<void> {
    return this.#finish((group, now) => group.giveBack(this.#settings.range, again, now));
  }

  async halve(tries: number): Promise<void> {
    if (this.messages.length < 2) throw new RangeError('a single message has no halves');
    await this.#finish((group) => group.halve(this.#settings.range, tries));
  }

  async bury(reason: Reason): Promise<void> {
    const [message] = this.messages;
    if (message === undefined || this.messages.length > 1) throw new RangeError('not a single message');
    await this.#finish((group, now, file) => {
      group.acknowledge(this.#settings.range, this.#bytes(), now);
      file.dead.putInto(this.partition, [deadLetter(message, reason, this.#settings.group)], 0, now);
    });
  }

  #bytes(): number {
    return this.messages.reduce((sum, { body }) => sum + body.length, 0);
  }

  async #finish(work: (group: Group, now: number, file: OpenQueueFile) => void): Promise<void> {
    const { commits, isDead, group, lease, now, done } = this.#settings;
    await commits.run((file) => work(new Group(isDead ? file.dead : file.alive, group), now(), file), true);
    // Only after the commit: if the transaction fails, the batch stays leased while its command lives.
    lease.release();
    done();
  }
}
