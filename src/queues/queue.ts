/**
 * The contract of an open queue, common to all drivers (`driver.ts`), within its engine's abilities (`abilities.ts`).
 *
 * A queue consists of partitions, each a sequence of messages numbered from 0. A consumer group has a position in each
 * partition and batches in flight; every group gets every message. A batch keeps its first and last message until it is
 * acknowledged, whichever process takes it next, unless it is halved or loose. Messages without a key are in partition
 * 0. Messages with the same key are in the same partition, and a partition with keys has at most one batch in flight.
 */

import { Failure, status } from '../failure.ts';
import type { Rejection } from '../lines/line.ts';

/** A message to put. */
export interface Message {
  readonly body: Buffer;
  /** Messages with the same key stay in order. */
  readonly key?: string;
  /** A message is dropped as a duplicate when its id is among the last ones remembered. */
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** No body, which differs from an empty one: with log compaction it deletes the key. */
  readonly isTombstone?: boolean;
}

/** A stored message. */
export interface StoredMessage extends Omit<Message, 'id'> {
  /** Its number in its partition, from 0; undefined when the engine does not number messages. */
  readonly sequence: number | undefined;
  /** The engine's message id, stable across redeliveries; for engines without numbers. */
  readonly messageId?: string;
  /** When it was put, in epoch milliseconds. */
  readonly time: number;
}

/** A message read without taking it. */
export interface PeekedMessage {
  readonly partition: number;
  readonly message: StoredMessage;
  /** Number of the group's failed runs. */
  readonly tries: number;
}

export interface PutOptions {
  /** Delivery delay. */
  readonly delayMs: number;
  /** Number of ids to remember for deduplication. */
  readonly remember: number;
}

/** The outcome of a put. */
export interface PutResult {
  readonly stored: number;
  /** Duplicates by id. */
  readonly repeated: number;
}

/** Only the first messages were put. */
export class PutFailure extends Failure {
  /** How many of the first messages must not be put again. */
  readonly stored: number;

  constructor(status: number, message: string, stored: number, options?: { cause?: unknown }) {
    super(status, message, options);
    this.stored = stored;
  }
}

/** Where a group starts: at the first message, after the last, or at the first message put at or after a time. */
export type Position = 'beginning' | 'end' | { readonly time: number };

/** What to take. */
export interface TakeRequest {
  readonly group: string;
  /** Where a new group starts. */
  readonly from: Position;
  /** Maximum number of messages in a batch. */
  readonly count: number;
  /** Maximum size of a batch; a single message may exceed it. */
  readonly bytes: number;
  /** How long an incomplete batch waits for more, from when its first message is seen. */
  readonly lingerMs: number;
  /** Whether to return at once when nothing is ready, delayed or leased to anyone in the group. */
  readonly endsWhenEmpty: boolean;
  /** Whether its messages need not be redelivered as the same batch, when it is returned or its taker is killed. */
  readonly isLoose?: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** The batch is no longer leased to us and will be redelivered to any taker. The queue remains usable. */
export class LostBatch extends Failure {
  constructor(message: string) {
    super(status.temporary, message);
  }
}

/** How to return a batch. */
export interface Again {
  /** Redelivery delay; 0: at once. */
  readonly delayMs: number;
  readonly tries: number;
  readonly delays: number;
}

/** Why a message is buried. */
export interface Reason {
  readonly tries: number;
  /** The exit status of its last run; 128+n for a signal. */
  readonly status: number;
  /** The end of its stderr. */
  readonly stderr: string;
}

/** A batch in flight. Leased until one of its methods has returned, or this process and the command have ended. */
export interface TakenBatch {
  /** Unique id of the queue, also across recreation: letters and digits. Empty when the engine cannot tell. */
  readonly queueId: string;
  readonly partition: number;
  /** At least one, in order, all from one partition. */
  readonly messages: readonly StoredMessage[];
  /** Number of failed runs. */
  readonly tries: number;
  /** Times in a row that it was returned without counting a try. */
  readonly delays: number;
  /** A locked file descriptor: the batch stays leased while any process holds it. Undefined for other drivers. */
  readonly lease: number | undefined;
  /** Completes the batch for good. @throws LostBatch */
  acknowledge(): Promise<void>;
  giveBack(again: Again): Promise<void>;
  /** Splits it into two batches that are ready at once. @throws RangeError for a single message */
  halve(tries: number): Promise<void>;
  /**
   * Puts its single message among the queue's own dead letters, see `deadLetter`, and acknowledges it: atomically where
   * the engine can, else in this order.
   *
   * @throws RangeError for several messages
   */
  bury(reason: Reason): Promise<void>;
}

/** Statistics of one partition and group. */
export interface QueueStat {
  readonly partition: number;
  /** Empty when no group is known. */
  readonly group: string;
  /** Messages that are neither acknowledged, leased nor delayed. */
  readonly ready: number;
  readonly leased: number;
  readonly delayed: number;
  /** Dead letters of the partition, over all groups. */
  readonly dead: number;
  /** Replicas of the partition, and in-sync replicas. Missing when the engine does not tell. */
  readonly replicas?: number;
  readonly inSync?: number;
  /** When the oldest unacknowledged message was put, in epoch milliseconds; undefined for none. */
  readonly oldest: number | undefined;
  /**
   * The number after the last message taken; without a group, of the first stored message. Undefined when the engine
   * does not number messages.
   */
  readonly next: number | undefined;
  /** The number of the next message to be put. */
  readonly end: number | undefined;
}

/**
 * An open queue. Several batches may be in flight, and several `take` calls pending.
 *
 * Calls in the same turn of the event loop may share a transaction, and so a sync to disk, such as in
 * `Promise.all([batch.acknowledge(), queue.take(request)])`. Every method except `close` throws Failure: no input (no
 * such queue; not `put` and `take`), unavailable, I/O, temporary, configuration (the file is not a queue).
 */
export interface Queue {
  /** How many `put` calls may be in flight, stored in their order. Default: one. */
  readonly putsAtOnce?: number;
  /** All messages are durable when it resolves. Makes a missing queue. @throws PutFailure when only the first are */
  put(messages: readonly Message[], options: PutOptions): Promise<PutResult>;
  /** Whether messages without a body are supported. */
  readonly hasTombstones?: boolean;
  /** Why the engine can never accept a message. Missing when it accepts all. Call it after `assertPutable`. */
  unfit?(message: Message): Rejection | undefined;
  /**
   * The next batch; waits for one, and for a missing queue. A redelivered batch is unchanged, whatever the limits.
   *
   * @returns undefined on the signal, and according to `endsWhenEmpty`
   */
  take(request: TakeRequest): Promise<TakenBatch | undefined>;
  /**
   * The group's unacknowledged messages, in order, partition by partition, without taking them; without a group, all
   * messages. Missing when the engine cannot do that.
   */
  peek?(group: string | undefined): AsyncIterable<PeekedMessage>;
  /** Moves a group. @throws Failure (temporary) while the group is in use */
  seek(group: string, position: Position): Promise<void>;
  stats(): Promise<QueueStat[]>;
  /** @throws Failure (unavailable) with a hint when `put` would find no queue and would not make one */
  assertPutable(): Promise<void>;
  /** @throws Failure (unavailable) with a hint when the group has no dead-letter queue, so that `bury` would fail */
  assertBuriable(group: string): Promise<void>;
  close(): Promise<void>;
}
