/** An SQS queue. Does no I/O yet. */

import type { Rejection } from '../../lines/line.ts';
import type { QueueSettings } from '../driver.ts';
import { LeasedTakers } from '../leased/takers.ts';
import type { Message, PutOptions, PutResult, Queue, QueueStat, TakenBatch, TakeRequest } from '../queue.ts';
import { parseSqsAddress } from './address.ts';
import { countsOf, mostBytesOf } from './attributes.ts';
import { SqsClient } from './client.ts';
import { DeadLetters } from './dead-letters.ts';
import { sqsEngine } from './engine.ts';
import { MAX_BYTES, unfit } from './message.ts';
import { putMessages } from './put.ts';

export function openSqs(address: string, settings: QueueSettings): Queue {
  return new SqsQueue(new SqsClient(parseSqsAddress(address), settings));
}

class SqsQueue implements Queue {
  readonly #client: SqsClient;
  readonly #dead: DeadLetters;
  readonly #takers: LeasedTakers;
  #mostBytes = MAX_BYTES;

  constructor(client: SqsClient) {
    this.#client = client;
    this.#dead = new DeadLetters(client);
    this.#takers = new LeasedTakers(() => sqsEngine(client, this.#dead));
  }

  put(messages: readonly Message[], options: PutOptions): Promise<PutResult> {
    return putMessages(this.#client, messages, options);
  }

  unfit(message: Message): Rejection | undefined {
    return unfit(message, this.#client.address.isFifo, this.#mostBytes);
  }

  take(request: TakeRequest): Promise<TakenBatch | undefined> {
    return this.#takers.take(request);
  }

  async seek(): Promise<void> {
    throw new Error('not an ability');
  }

  async stats(): Promise<QueueStat[]> {
    const [counts, dead] = await Promise.all([countsOf(this.#client), this.#dead.count()]);
    const unknown = { oldest: undefined, next: undefined, end: undefined };
    return [{ partition: 0, group: '', ...counts, dead, ...unknown }];
  }

  async assertPutable(): Promise<void> {
    this.#mostBytes = await mostBytesOf(this.#client);
  }

  assertBuriable(): Promise<void> {
    return this.#dead.assertThere();
  }

  async close(): Promise<void> {
    await this.#takers.close();
    await this.#dead.close();
    await this.#client.close();
  }
}
