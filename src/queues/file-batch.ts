/** A batch of a queue in a file, that is out. */

import { formatTime } from '../readings/time.ts';
import type { Commits, OpenQueueFile } from './file-commits.ts';
import { Group, type TakenRange } from './file-groups.ts';
import type { Lease } from './file-leases.ts';
import type { Again, Message, Reason, StoredMessage, TakenBatch } from './queue.ts';

interface Settings {
  readonly commits: Commits;
  readonly isDead: boolean;
  readonly group: string;
  readonly range: TakenRange;
  readonly messages: readonly StoredMessage[];
  readonly lease: Lease;
  now(): number;
  /** Called when it is no longer out. */
  done(): void;
}

export class FileBatch implements TakenBatch {
  readonly #settings: Settings;
  readonly partition: number;
  readonly messages: readonly StoredMessage[];
  readonly tries: number;
  readonly delays: number;
  readonly lease: number;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { range, messages, lease } = settings;
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
      file.dead.putInto(this.partition, [this.#deadLetter(message, reason)], 0, now);
    });
  }

  #bytes(): number {
    return this.messages.reduce((sum, { body }) => sum + body.length, 0);
  }

  #deadLetter(message: StoredMessage, { tries, status: code, stderr }: Reason): Message {
    const { sequence, time, body, key, headers } = message;
    const first = {
      'dead-group': this.#settings.group,
      'dead-sequence': String(sequence),
      'dead-time': formatTime(time),
    };
    // A dead letter that dies again keeps where it came from.
    const origin = headers !== undefined && 'dead-time' in headers ? {} : first;
    const last = { 'dead-tries': String(tries), 'dead-status': String(code), 'dead-stderr': stderr };
    return { body, ...(key !== undefined && { key }), headers: { ...headers, ...origin, ...last } };
  }

  async #finish(work: (group: Group, now: number, file: OpenQueueFile) => void): Promise<void> {
    const { commits, isDead, group, lease, now, done } = this.#settings;
    await commits.run((file) => work(new Group(isDead ? file.dead : file.alive, group), now(), file), true);
    // Only now: if the transaction fails, the batch is out as long as its command lives.
    lease.release();
    done();
  }
}
