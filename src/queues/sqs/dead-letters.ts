/** The dead letters of a queue, in the queue named by its redrive policy. */

import { Failure, status } from '../../failure.ts';
import { deadLetter, fitting } from '../dead-letter.ts';
import type { Message, Reason, StoredMessage } from '../queue.ts';
import { countsOf, redriveOf } from './attributes.ts';
import { isMissing, SqsClient } from './client.ts';
import { MAX_BYTES, unfit } from './message.ts';
import { putMessages } from './put.ts';

export class DeadLetters {
  readonly #client: SqsClient;
  #target: Promise<SqsClient | undefined> | undefined;

  constructor(client: SqsClient) {
    this.#client = client;
  }

  /** @throws Failure (unavailable) with a hint when there is no dead-letter queue */
  async assertThere(): Promise<void> {
    await this.#there();
  }

  /** @throws Failure */
  async put(message: StoredMessage, reason: Reason, group: string): Promise<void> {
    const target = await this.#there();
    const { isFifo } = target.address;
    // Deduplicates a second put, after a taker died before the delete.
    const letter = { ...deadLetter(message, reason, group), id: `dead-${message.messageId}` };
    const isShort = (each: Message) => unfit(each, isFifo, MAX_BYTES)?.kind !== 'too long';
    await putMessages(target, [fitting(letter, isShort) ?? letter], { delayMs: 0, remember: 0 });
  }

  /** Approximate; 0 without a dead-letter queue. */
  async count(): Promise<number> {
    const target = await this.#found();
    if (target === undefined) return 0;
    const { ready, leased, delayed } = await countsOf(target);
    return ready + leased + delayed;
  }

  async close(): Promise<void> {
    await (await this.#target?.catch(() => undefined))?.close();
  }

  async #there(): Promise<SqsClient> {
    const target = await this.#found();
    if (target !== undefined) return target;
    const { shown } = this.#client.address;
    throw new Failure(
      status.unavailable,
      `${shown}: has no queue for dead letters: write --dead QUEUE or --dead none, or give it a redrive policy`,
    );
  }

  #found(): Promise<SqsClient | undefined> {
    this.#target ??= this.#find();
    this.#target.catch(() => {
      this.#target = undefined;
    });
    return this.#target;
  }

  async #find(): Promise<SqsClient | undefined> {
    const { address, settings } = this.#client;
    const redrive = await redriveOf(this.#client);
    if (redrive === undefined) return undefined;
    const { name, owner } = redrive;
    const url = await this.#client.urlOf(name, owner).catch((error) => {
      if (!isMissing(error)) throw error;
      const why = `its queue for dead letters is missing (make it: queue-make sqs://${name})`;
      throw new Failure(status.unavailable, `${address.shown}: ${why}`, { cause: error });
    });
    return new SqsClient(
      { ...address, name, isFifo: name.endsWith('.fifo'), url, shown: `sqs://${name}` },
      // Puts dead letters even after the process was told to stop.
      { ...settings, signal: new AbortController().signal },
    );
  }
}
