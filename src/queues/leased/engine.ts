/**
 * What an engine does whose messages are received with a lease: one that is neither acknowledged nor released comes again
 * when its lease is over. All else is the same for such engines, and in this folder.
 */

import type { QueueSettings } from '../driver.ts';
import type { Reason, StoredMessage } from '../queue.ts';

/** A message that is out. */
export interface Leased extends StoredMessage {
  /** The engine's name of this delivery. */
  readonly receipt: string;
}

/** A message whose lease is over. */
export interface Lost {
  readonly item: Leased;
  /** As the engine says, if it does. */
  readonly reason?: string;
}

export interface Received {
  readonly messages: readonly Leased[];
  /** When their leases began, or a little earlier, in elapsed milliseconds. */
  readonly since: number;
}

/** The messages of a queue and a group. Its methods throw Failure. */
export interface Engine {
  /** The address of the queue. */
  readonly shown: string;
  readonly settings: Pick<QueueSettings, 'warn' | 'explain'>;
  /** The length of a lease. */
  readonly leaseMs: number;
  /** Whether messages of one key have an order, so that they are in one batch at a time. */
  readonly hasOrder: boolean;
  /** The most messages of a request. */
  readonly mostReceived: number;
  /** The most requests at once when there is plenty; 1 for an engine that cannot be told not to wait. */
  readonly requestsAtOnce: number;
  /** Up to `count` messages; tries again for as long as `--wait` says. @param waitMs for the first one; 0: not at all */
  receive(count: number, waitMs: number, signal: AbortSignal): Promise<Received>;
  /** Their leases begin anew. Tries for less than a third of a lease. */
  extend(messages: readonly Leased[]): Promise<readonly Lost[]>;
  /** They come again at once, to whoever takes them. Tries once. */
  release(messages: readonly Leased[]): Promise<void>;
  /** They never come again. */
  acknowledge(messages: readonly Leased[]): Promise<readonly Lost[]>;
  /** Puts a dead letter; the message stays out. */
  putDead(message: Leased, reason: Reason, group: string): Promise<void>;
  /** Whether nothing is ready, delayed or out anywhere, as far as it can be told. */
  isEmpty(): Promise<boolean>;
}
