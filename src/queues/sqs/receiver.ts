/** Receives messages for all takes of a process, and has those that are in no batch yet. */

import { randomUUID } from 'node:crypto';
import type { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { LONGEST_POLL_S, type SqsClient } from './client.ts';
import { MOST_ENTRIES, REQUESTS_AT_ONCE } from './entries.ts';
import type { Leases } from './leases.ts';
import { fromSqs, type Received } from './message.ts';

interface Wanted {
  /** The number of messages that are missing. */
  readonly count: number;
  /** How long to wait for the first one, when there may be none. */
  readonly pollMs: number;
}

export class Receiver {
  readonly #client: SqsClient;
  readonly #leases: Leases;
  /** Rings when something has arrived, or nothing within the time. */
  readonly #bell: Bell;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #ready: Received[] = [];
  #failure: unknown;
  /** Whether the last request got all that it wanted, so that there may be more. */
  isPlenty = false;
  /** Whether the last request waited for a time, and got nothing. */
  sawNothing = false;

  constructor(client: SqsClient, leases: Leases, bell: Bell) {
    this.#client = client;
    this.#leases = leases;
    this.#bell = bell;
  }

  /** What was seen before does not count. */
  begin(): void {
    this.sawNothing = false;
    if (this.#running.size === 0) this.#failure = undefined;
  }

  /** Those that are ours, in their order. */
  get ready(): readonly Received[] {
    if (this.#ready.some((message) => !this.#leases.holds(message)))
      this.#ready = this.#ready.filter((message) => this.#leases.holds(message));
    return this.#ready;
  }

  take(messages: readonly Received[]): void {
    const taken = new Set(messages);
    this.#ready = this.#ready.filter((message) => !taken.has(message));
  }

  /** Asks for more, unless that has been done. @throws what has failed before */
  ask({ count, pollMs }: Wanted): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    const most = this.isPlenty ? Math.min(Math.ceil(count / MOST_ENTRIES), REQUESTS_AT_ONCE) : 1;
    for (let left = count; this.#running.size < most && left > 0; left -= MOST_ENTRIES) {
      const request = this.#receive(Math.min(left, MOST_ENTRIES), this.isPlenty ? 0 : pollMs).catch(
        (error) => {
          if (!this.#closing.signal.aborted) this.#failure = error;
        },
      );
      const running = request.finally(() => {
        this.#running.delete(running);
        this.#bell.ring();
      });
      this.#running.add(running);
    }
  }

  /** @returns those that are in no batch */
  async close(): Promise<readonly Received[]> {
    this.#closing.abort();
    await Promise.all(this.#running);
    return this.ready;
  }

  async #receive(count: number, pollMs: number): Promise<void> {
    const WaitTimeSeconds = Math.min(Math.ceil(pollMs / 1000), LONGEST_POLL_S);
    const wanted = {
      MaxNumberOfMessages: count,
      WaitTimeSeconds,
      VisibilityTimeout: this.#leases.visibilitySeconds,
      MessageSystemAttributeNames: ['SentTimestamp' as const, 'MessageGroupId' as const],
      MessageAttributeNames: ['All'],
      // When an answer is lost, the next try has the same messages.
      ...(this.#client.address.isFifo && { ReceiveRequestAttemptId: randomUUID() }),
    };
    let since = 0;
    const { Messages = [] } = await this.#client.askQueue(
      (sqs, QueueUrl, options) => {
        since = elapsedMs();
        return sqs.receiveMessage({ QueueUrl, ...wanted }, options);
      },
      { pollMs: WaitTimeSeconds * 1000, signal: this.#closing.signal },
    );
    const received = Messages.map(fromSqs);
    // SQS counts from when it sends them, which is not earlier.
    this.#leases.hold(received, WaitTimeSeconds === 0 ? since : elapsedMs());
    this.#ready.push(...received);
    this.isPlenty = received.length === count;
    this.sawNothing = received.length === 0 && WaitTimeSeconds > 0;
  }
}
