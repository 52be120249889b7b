/**
 * Messages of a subscription as they arrive. One request at a time waits for them, and none is broken off, since what
 * Pub/Sub has sent by then would come again only when its time is over.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../../async/clock.ts';
import type { Connection, Patience } from './connection.ts';
import { codes, isRefusal } from './failures.ts';
import type { Taken } from './leases.ts';
import { fromPubsub } from './message.ts';
import type { ReceivedMessage } from './service.ts';

/** How long a request waits, at most. */
const PULL_MS = 60_000;
/** Of one answer. */
const MOST_MESSAGES = 1000;

interface Settings {
  readonly connection: Connection;
  readonly subscription: string;
  /** Takes an answer, which may be empty. */
  arrived(messages: readonly Taken[]): void;
  /** Hears that the service was away, and may be back. */
  paused(): void;
  /** Hears that there is no sense in waiting for more. */
  failed(error: unknown): void;
}

export class Arrivals {
  readonly #settings: Settings;
  readonly #stop = new AbortController();
  #patience: Patience;
  #asking: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#patience = settings.connection.patience();
  }

  /** Forgets for how long the service has been away before. */
  begin(): void {
    this.#patience = this.#settings.connection.patience();
  }

  /** Asks for messages, unless that is being done. */
  ask(count: number): void {
    this.#asking ??= this.#ask(Math.min(count, MOST_MESSAGES)).then((tell) => {
      // Who hears of it may ask again.
      this.#asking = undefined;
      tell();
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#asking;
  }

  /** @returns what tells of the answer */
  async #ask(maxMessages: number): Promise<() => void> {
    const { connection, subscription, arrived, failed } = this.#settings;
    const { signal } = this.#stop;
    const request = { subscription, maxMessages };
    try {
      const answer = await connection.once('Subscriber/Pull', request, { timeoutMs: PULL_MS, signal });
      this.#patience.succeeded();
      const since = elapsedMs();
      const messages = (answer.receivedMessages ?? []).map((each) => toTaken(each, since));
      return () => arrived(messages);
    } catch (error) {
      if (isRefusal(error, codes.deadlineExceeded)) return () => arrived([]);
      return await this.#pause(error).then(
        () => () => this.#settings.paused(),
        (last) => () => failed(last),
      );
    }
  }

  /** @throws the error when there is no sense in another try */
  async #pause(error: unknown): Promise<void> {
    const { signal } = this.#stop;
    await sleep(this.#patience.failed(error), undefined, { signal }).catch(() => {});
  }
}

function toTaken({ ackId, message }: ReceivedMessage, since: number): Taken {
  return { message: fromPubsub(message ?? {}), ackId: ackId ?? '', since };
}
