/** Keeps messages that were received from coming again, until they are deleted or released. */

import { elapsedMs } from '../../async/clock.ts';
import { Failure } from '../../failure.ts';
import type { SqsClient } from './client.ts';
import { type Refusal, sendMany } from './entries.ts';
import type { Received } from './message.ts';

export class Leases {
  readonly #client: SqsClient;
  /** How long a message is out without a word from us. */
  readonly visibilitySeconds: number;
  /** Until when each is ours, in elapsed milliseconds. */
  readonly #ends = new Map<Received, number>();
  readonly #timer: NodeJS.Timeout;
  #extending: Promise<void> | undefined;

  constructor(client: SqsClient, visibilitySeconds: number) {
    this.#client = client;
    this.visibilitySeconds = visibilitySeconds;
    const extend = () => {
      this.#extending ??= this.#extend().finally(() => {
        this.#extending = undefined;
      });
    };
    this.#timer = setInterval(extend, (visibilitySeconds * 1000) / 3).unref();
  }

  /** @param since when they were asked for, in elapsed milliseconds */
  hold(messages: readonly Received[], since: number): void {
    for (const message of messages) this.#ends.set(message, since + this.visibilitySeconds * 1000);
  }

  /** Whether a message is still ours, as far as we know. */
  holds(message: Received): boolean {
    return (this.#ends.get(message) ?? 0) > elapsedMs();
  }

  /** They never come again. @returns those that were no longer ours, and may come again @throws Failure */
  async delete(messages: readonly Received[]): Promise<Refusal<Received>[]> {
    const refused = await sendMany(this.#client, messages, {
      send(sqs, QueueUrl, some, options) {
        const Entries = some.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt }));
        return sqs.deleteMessageBatch({ QueueUrl, Entries }, options);
      },
    });
    this.#forget(messages);
    return refused;
  }

  /** They come again at once; if that cannot be asked for, when their time is over. */
  async release(messages: readonly Received[]): Promise<void> {
    const ours = messages.filter((message) => this.holds(message));
    this.#forget(messages);
    // It would keep them out for longer.
    await this.#extending;
    try {
      await this.#change(ours, 0, 0);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#client.settings.explain(`${error.message}: messages come again in ${this.visibilitySeconds} s`);
    }
  }

  /** Messages that are out come again when their time is over. */
  close(): void {
    clearInterval(this.#timer);
    this.#ends.clear();
  }

  #forget(messages: readonly Received[]): void {
    for (const message of messages) this.#ends.delete(message);
  }

  async #extend(): Promise<void> {
    const since = elapsedMs();
    const messages = [...this.#ends.keys()];
    try {
      const lost = await this.#change(messages, this.visibilitySeconds);
      this.hold(
        messages.filter((message) => this.#ends.has(message)),
        since,
      );
      // To ask for more time is of no use: who works on them learns of it at the end.
      this.#forget(lost.map(({ item }) => item));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#client.settings.warn(`${error.message}: messages in work may come again`);
    }
  }

  #change(
    messages: readonly Received[],
    VisibilityTimeout: number,
    waitMs = this.#client.settings.waitMs,
  ): Promise<Refusal<Received>[]> {
    return sendMany(this.#client, messages, {
      waitMs,
      send(sqs, QueueUrl, some, options) {
        const Entries = some.map(({ receipt: ReceiptHandle }, at) => ({
          ...{ Id: String(at), ReceiptHandle, VisibilityTimeout },
        }));
        return sqs.changeMessageVisibilityBatch({ QueueUrl, Entries }, options);
      },
    });
  }
}
