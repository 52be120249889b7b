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
const PULL_MS = 30_000;
/** For any answer. */
const PROOF_MS = 5000;
/** Of one answer. */
const MOST_MESSAGES = 1000;

interface Settings {
  readonly connection: Connection;
  readonly subscription: string;
  /** Takes an answer, which may be empty. */
  arrived(messages: readonly Taken[]): void;
  /** Hears that there was no answer, and may be one if it is asked again. */
  paused(): void;
  /** Hears that there is no sense in waiting for more. */
  failed(error: unknown): void;
}

export class Arrivals {
  readonly #settings: Settings;
  readonly #stop = new AbortController();
  #patience: Patience;
  #asking: Promise<void> | undefined;
  /** Whether the last request had no answer, which is no sign that the service is away. */
  #isDoubtful = false;

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
    const { connection, subscription, arrived, paused, failed } = this.#settings;
    const { signal } = this.#stop;
    const request = { subscription, maxMessages };
    try {
      if (this.#isDoubtful) await this.#prove();
      const answer = await connection.once('Subscriber/Pull', request, { timeoutMs: PULL_MS, signal });
      this.#patience.succeeded();
      const since = elapsedMs();
      const messages = (answer.receivedMessages ?? []).map((each) => toTaken(each, since));
      return () => arrived(messages);
    } catch (error) {
      const hasWaited = isRefusal(error, codes.deadlineExceeded) && !this.#isDoubtful;
      this.#isDoubtful = hasWaited || this.#isDoubtful;
      if (hasWaited) return paused;
      return await this.#pause(error).then(
        () => paused,
        (last) => () => failed(last),
      );
    }
  }

  /** Any answer is a sign of life. @throws Refusal when there is none */
  async #prove(): Promise<void> {
    const { connection, subscription } = this.#settings;
    const options = { timeoutMs: PROOF_MS, signal: this.#stop.signal };
    try {
      await connection.once('Subscriber/GetSubscription', { subscription }, options);
    } catch (error) {
      if (!isRefusal(error, codes.permissionDenied)) throw error;
    }
    this.#isDoubtful = false;
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
