/**
 * A Pub/Sub topic as a queue, with a subscription for each group.
 *
 * Its messages have no numbers, and are ordered only per key.
 */

import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import { deadLetter, fitting } from '../dead-letter.ts';
import type { QueueSettings } from '../driver.ts';
import type { Engine } from '../leased/engine.ts';
import { LeasedTakers } from '../leased/takers.ts';
import type { Message, PutResult, Queue, Reason, StoredMessage, TakenBatch, TakeRequest } from '../queue.ts';
import { shortName, subscriptionName, type TopicAddress, topicAddress, topicName } from './address.ts';
import { Connection } from './connection.ts';
import { pubsubEngine } from './engine.ts';
import { codes, isRefusal } from './failures.ts';
import { toPubsub, unfit } from './message.ts';
import { publishAll } from './publish.ts';
import type { PubsubMessage, Subscription } from './service.ts';
import { gcloudCommand } from './subscription.ts';

/** Pub/Sub's minimum and default ack deadline. */
const LEASE_SECONDS = 10;

/** Does no I/O yet. */
export function openPubsub(address: string, settings: QueueSettings): Queue {
  return new PubsubQueue(topicAddress(address), settings);
}

class PubsubQueue implements Queue {
  readonly #address: TopicAddress;
  readonly #topic: string;
  readonly #connection: Connection;
  readonly #settings: QueueSettings;
  readonly #takers = new LeasedTakers((group) => this.#engine(group));

  constructor(address: TopicAddress, settings: QueueSettings) {
    this.#address = address;
    this.#topic = topicName(address);
    this.#settings = settings;
    this.#connection = new Connection(address, settings);
  }

  async put(messages: readonly Message[]): Promise<PutResult> {
    await publishAll(messages, (part) => this.#publish(this.#topic, part));
    return { stored: messages.length, repeated: 0 };
  }

  unfit(message: Message) {
    return unfit(message);
  }

  take(request: TakeRequest): Promise<TakenBatch | undefined> {
    return this.#takers.take(request);
  }

  async seek(): Promise<void> {
    throw this.#lacks('no positions');
  }

  async stats(): Promise<never> {
    throw this.#lacks('no counts');
  }

  /** A publisher may lack the permission to read the topic. */
  async assertPutable(): Promise<void> {
    try {
      await this.#connection.ask('Publisher/GetTopic', { topic: this.#topic });
    } catch (error) {
      if (isRefusal(error, codes.notFound)) throw this.#noTopic();
      if (!isRefusal(error, codes.permissionDenied)) throw error;
    }
  }

  async assertBuriable(group: string): Promise<void> {
    await this.#deadTopic(await this.#subscription(group), group);
  }

  async close(): Promise<void> {
    await this.#takers.close();
    await this.#connection.close();
  }

  async #publish(topic: string, messages: PubsubMessage[]): Promise<void> {
    try {
      await this.#connection.ask('Publisher/Publish', { topic, messages });
    } catch (error) {
      throw isRefusal(error, codes.notFound) && topic === this.#topic ? this.#noTopic() : error;
    }
  }

  async #engine(group: string): Promise<Engine> {
    const found = await this.#subscription(group);
    return pubsubEngine({
      ...{ shown: this.#address.shown, settings: this.#settings, connection: this.#connection },
      subscription: subscriptionName(this.#address, group),
      leaseSeconds: found?.ackDeadlineSeconds || LEASE_SECONDS,
      putDead: (message, reason) => this.#putDead(message, reason, group),
    });
  }

  /** Undefined without the permission to read it; taking may still be allowed. @throws Failure (unavailable) */
  async #subscription(group: string): Promise<Subscription | undefined> {
    const subscription = subscriptionName(this.#address, group);
    try {
      const found = await this.#connection.ask('Subscriber/GetSubscription', { subscription });
      if (found.topic === this.#topic) return found;
      throw this.#unavailable(`subscription ${quote(shortName(subscription))} is one of ${found.topic}`);
    } catch (error) {
      if (isRefusal(error, codes.notFound)) throw this.#noSubscription(subscription, group);
      if (isRefusal(error, codes.permissionDenied)) return undefined;
      throw error;
    }
  }

  async #putDead(message: StoredMessage, reason: Reason, group: string): Promise<void> {
    const topic = this.#deadTopic(await this.#subscription(group), group);
    const letter = deadLetter(message, reason, group);
    const isTaken = (each: Message) => unfit(each) === undefined;
    await this.#publish(topic, [toPubsub(fitting(letter, isTaken) ?? letter)]);
  }

  /** @throws Failure (unavailable) when the subscription has no dead-letter topic */
  #deadTopic(subscription: Subscription | undefined, group: string): string {
    const topic = subscription?.deadLetterPolicy?.deadLetterTopic;
    if (topic) return topic;
    const name = shortName(subscriptionName(this.#address, group));
    const why = `subscription ${quote(name)} ${subscription ? 'has no dead letter topic' : 'may not be looked at'}`;
    throw this.#unavailable(`${why}: where do dead letters go? (--dead QUEUE, or none)`);
  }

  #noTopic(): Failure {
    return this.#unavailable(`no such topic (make it: queue-make ${this.#address.shown})`);
  }

  /**
   * Not created automatically: it would miss earlier messages, and a mistyped one would collect messages for nobody.
   */
  #noSubscription(subscription: string, group: string): Failure {
    const name = shortName(subscription);
    const address = this.#address;
    const command = group === 'default' ? `queue-make ${address.shown}` : gcloudCommand(address, group);
    return this.#unavailable(`no such subscription: ${quote(name)} (make it: ${command})`);
  }

  #unavailable(why: string): Failure {
    return new Failure(status.unavailable, `${this.#address.shown}: ${why}`);
  }

  #lacks(what: string): Failure {
    return new Failure(status.usage, `${this.#address.shown}: this kind of queue has ${what}`);
  }
}
