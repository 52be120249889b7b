/**
 * The contract of engines with a visibility timeout: a message that is neither acknowledged nor released is redelivered
 * when its lease expires. Everything common to them is in this folder.
 */

import type { QueueSettings } from '../driver.ts';
import type { Reason, StoredMessage } from '../queue.ts';

/** A message in flight. */
export interface Leased extends StoredMessage {
  /** The engine's handle of this delivery. */
  readonly receipt: string;
}

/** A message whose lease has expired. */
export interface Lost {
  readonly item: Leased;
  /** The engine's explanation, if any. */
  readonly reason?: string;
}

export interface Received {
  readonly messages: readonly Leased[];
  /** When the leases began, or slightly before, in elapsed milliseconds. */
  readonly since: number;
}

/** The messages of a queue for a group. The methods throw Failure. */
export interface Engine {
  /** The address of the queue. */
  readonly shown: string;
  readonly settings: Pick<QueueSettings, 'warn' | 'explain'>;
  /** Visibility timeout. */
  readonly leaseMs: number;
  /** Whether messages with the same key are ordered, so that only one batch may contain them at a time. */
  readonly hasOrder: boolean;
  /** Maximum number of messages per request. */
  readonly mostReceived: number;
  /** Maximum number of concurrent requests; 1 for an engine that always long-polls. */
  readonly requestsAtOnce: number;
  /** Receives up to `count` messages; retries for as long as `--wait`. @param waitMs long-poll timeout; 0: none */
  receive(count: number, waitMs: number, signal: AbortSignal): Promise<Received>;
  /** Restarts their leases. Retries for less than a third of a lease. */
  extend(messages: readonly Leased[]): Promise<readonly Lost[]>;
  /** Makes them ready again at once, for any taker. Does not retry. */
  release(messages: readonly Leased[]): Promise<void>;
  /** Deletes them for good. @returns those whose lease had expired */
  acknowledge(messages: readonly Leased[]): Promise<readonly Lost[]>;
  /** Puts a dead letter; the message itself stays in flight. */
  putDead(message: Leased, reason: Reason, group: string): Promise<void>;
  /** Whether nothing is ready, delayed or leased, as far as the engine can tell. */
  isEmpty(): Promise<boolean>;
}
