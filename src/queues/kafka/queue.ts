/** A Kafka topic as a queue. Its dead letters go to the topic of the same name with `.dead` appended. */

import { malformed, parseAddress } from '../../addresses/parse.ts';
import { Failure, status } from '../../failure.ts';
import type { Rejection } from '../../lines/line.ts';
import { deadLetter } from '../dead-letter.ts';
import type { QueueSettings } from '../driver.ts';
import {
  type Message,
  type PeekedMessage,
  type Position,
  PutFailure,
  type PutOptions,
  type PutResult,
  type Queue,
  type QueueStat,
  type Reason,
  type StoredMessage,
  type TakenBatch,
  type TakeRequest,
} from '../queue.ts';
import { parseKafkaAddress } from './address.ts';
import { Cluster } from './cluster.ts';
import { code, codeOf } from './failure.ts';
import { allPartitions, commitOffsets, NO_MEMBER, offsetsAt } from './offsets.ts';
import { Producer, PUTS_AT_ONCE } from './producer.ts';
import { bytesOf, longestMessage } from './record-batch.ts';
import { peekTopic, statsOfTopic } from './stats.ts';
import { Taker } from './taker.ts';
import { topicSetting } from './topic-setting.ts';

/** Does no I/O yet. */
export function openTopic(address: string, settings: QueueSettings): Queue {
  const parsed = parseKafkaAddress(address);
  if (parsed.topic === '') throw malformed(parseAddress(address), 'kafka://HOST:PORT/TOPIC');
  return new KafkaQueue(new Cluster(parsed, settings));
}

/** The dead-letter topic; dead letters that fail again go to the end of their own topic. */
export function deadOf(topic: string): string {
  return isDead(topic) ? topic : `${topic}.dead`;
}

export function isDead(topic: string): boolean {
  return topic.endsWith('.dead');
}

class KafkaQueue implements Queue {
  readonly putsAtOnce = PUTS_AT_ONCE;
  readonly hasTombstones = true;
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #producer: Producer;
  readonly #dead: Producer;
  readonly #takers = new Map<string, Taker>();
  /** Maximum size of a message; unknown until `assertPutable`, and when the broker does not tell. */
  #mostBytes = Infinity;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#topic = cluster.address.topic;
    this.#producer = new Producer(cluster, this.#topic);
    this.#dead = new Producer(cluster, deadOf(this.#topic));
  }

  async put(messages: readonly Message[], { delayMs }: PutOptions): Promise<PutResult> {
    if (delayMs > 0) throw new PutFailure(status.usage, `${this.#cluster.shown}: no delay`, 0);
    await this.#producer.put(messages);
    return { stored: messages.length, repeated: 0 };
  }

  unfit(message: Message): Rejection | undefined {
    if (message.body.length < this.#mostBytes / 2 || bytesOf(message) <= this.#mostBytes) return undefined;
    return { kind: 'too long', detail: `message is longer than the topic allows (max.message.bytes)` };
  }

  take(request: TakeRequest): Promise<TakenBatch | undefined> {
    return this.#taker(request).take(request);
  }

  #taker({ group, from }: TakeRequest): Taker {
    const known = this.#takers.get(group);
    if (known !== undefined) return known;
    const taker = new Taker(this.#cluster, {
      ...{ group, from },
      putAside: (...letter) => this.#putAside(...letter),
    });
    this.#takers.set(group, taker);
    return taker;
  }

  async #putAside(message: StoredMessage, partition: number, reason: Reason, group: string): Promise<void> {
    try {
      await this.#dead.put([deadLetter(message, reason, group)], partition);
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== status.data) throw error;
      // The message fits without the headers; failing here would block all others.
      await this.#dead.put([message], partition);
      const { shown, settings } = this.#cluster;
      settings.warn(
        `${shown}: partition ${partition}: message ${message.sequence}: too long for headers that say why it is dead`,
      );
    }
  }

  peek(group: string | undefined): AsyncIterable<PeekedMessage> {
    return peekTopic(this.#cluster, group);
  }

  async seek(group: string, position: Position): Promise<void> {
    const taker = this.#takers.get(group);
    if (taker?.isOut) throw this.#inUse(group);
    this.#takers.delete(group);
    await taker?.close();
    await this.#cluster.persist(async () => {
      const topic = await this.#cluster.topic(this.#topic, true);
      const offsets = await offsetsAt(this.#cluster, topic, allPartitions(topic), position);
      const rows = [...offsets].map(([partition, offset]) => ({ partition, offset, text: '' }));
      const coordinator = await this.#cluster.coordinator(group);
      await commitOffsets(this.#cluster, coordinator, { group, ...NO_MEMBER }, this.#topic, rows).catch(
        (error: unknown) => {
          throw codeOf(error) === code.unknownMember ? this.#inUse(group) : error;
        },
      );
    });
  }

  #inUse(group: string): Failure {
    return new Failure(status.temporary, `${this.#cluster.shown}: group ${group} is in use`);
  }

  stats(): Promise<QueueStat[]> {
    return this.#cluster.persist(() => statsOfTopic(this.#cluster));
  }

  async assertPutable(): Promise<void> {
    await this.#cluster.persist(() => this.#cluster.topic(this.#topic, true));
    // May be unreadable for this user; then the broker enforces it.
    const limit = Number((await topicSetting(this.#cluster, this.#topic, 'max.message.bytes')) ?? Infinity);
    this.#producer.batchBytes = Math.min(this.#producer.batchBytes, limit - 100);
    // With compression a longer message may fit.
    this.#mostBytes = this.#cluster.address.compression === 'none' ? longestMessage(limit) : Infinity;
  }

  async assertBuriable(): Promise<void> {
    await this.#cluster.persist(() => this.#cluster.topic(deadOf(this.#topic), true));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#takers.values()].map((taker) => taker.close()));
    await this.#cluster.close();
  }
}
