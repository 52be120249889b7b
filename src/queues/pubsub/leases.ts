/**
 * Keeps messages that are out: Pub/Sub gives a message to another taker when its time is over, so that time is made longer
 * every third of it, for as long as the message is in our hands.
 */

import { elapsedMs } from '../../async/clock.ts';
import type { StoredMessage } from '../queue.ts';
import type { Connection } from './connection.ts';

/** Names of messages in a request, which may have 512 KiB. */
const MOST_IDS = 1000;
const REQUEST_MS = 10_000;

/** A message that is out. */
export interface Taken {
  readonly message: StoredMessage;
  /** Its name for this delivery. */
  readonly ackId: string;
  /** When its time began anew. */
  since: number;
}

export class Leases {
  readonly #connection: Connection;
  readonly #subscription: string;
  readonly #lengthMs: number;
  readonly #out = new Set<Taken>();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(connection: Connection, subscription: string, seconds: number) {
    this.#connection = connection;
    this.#subscription = subscription;
    this.#lengthMs = seconds * 1000;
  }

  keep(messages: readonly Taken[]): void {
    for (const each of messages) this.#out.add(each);
    this.#timer ??= setInterval(() => this.#prolong(), this.#lengthMs / 3);
  }

  /** Whether one of them may be another's by now. */
  isLost(messages: readonly Taken[]): boolean {
    return messages.some((each) => !this.#out.has(each) || this.#isOver(each));
  }

  letGo(messages: readonly Taken[]): void {
    for (const each of messages) this.#out.delete(each);
    if (this.#out.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** They come again at once, to whoever takes them; if this cannot be said, when their time is over. */
  async giveUp(messages: readonly Taken[]): Promise<void> {
    this.letGo(messages);
    await this.#setTime(messages, 0);
  }

  /** All that are out. */
  giveUpAll(): Promise<void> {
    return this.giveUp([...this.#out]);
  }

  #isOver({ since }: Taken): boolean {
    return elapsedMs() - since >= this.#lengthMs;
  }

  async #prolong(): Promise<void> {
    for (const each of this.#out) if (this.#isOver(each)) this.#out.delete(each);
    // While the service is away, one request at a time waits for it.
    if (this.#isAsking) return;
    this.#isAsking = true;
    await this.#setTime([...this.#out], this.#lengthMs / 1000);
    this.#isAsking = false;
  }

  async #setTime(messages: readonly Taken[], ackDeadlineSeconds: number): Promise<void> {
    const options = { timeoutMs: Math.min(REQUEST_MS, this.#lengthMs / 3), signal: never };
    for (const part of requestsOf(messages)) {
      const begun = elapsedMs();
      const request = { subscription: this.#subscription, ackIds: idsOf(part), ackDeadlineSeconds };
      try {
        await this.#connection.once('Subscriber/ModifyAckDeadline', request, options);
        for (const each of part) each.since = begun;
      } catch {
        // The next try is made in time, or their time is over, which shows then.
      }
    }
  }
}

const never = new AbortController().signal;

export function idsOf(messages: readonly Taken[]): string[] {
  return messages.map(({ ackId }) => ackId);
}

/** Cut for requests. */
export function* requestsOf(messages: readonly Taken[]): Generator<Taken[]> {
  for (let at = 0; at < messages.length; at += MOST_IDS) yield messages.slice(at, at + MOST_IDS);
}
