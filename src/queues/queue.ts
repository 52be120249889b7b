/**
 * The contract of queues: what an open one does, whichever its driver (`driver.ts`), as far as its engine can (`abilities.ts`).
 *
 * A queue is a number of partitions, each a sequence of messages numbered from 0. A group of takers has a position in each
 * partition and the batches that are out; each group gets every message. A batch once formed keeps its first and last
 * message until it is acknowledged, whichever process takes it next, but for halving; only a loose one does not. Messages without key are in
 * partition 0; those of one key are in one partition, and at most one batch of a partition with keys is out at a time.
 */

import { Failure, status } from '../failure.ts';
import type { Rejection } from '../lines/line.ts';

/** A message as it is put. */
export interface Message {
  readonly body: Buffer;
  /** Messages of one key stay in order. */
  readonly key?: string;
  /** A message whose id is one of the last that were put is not put again. */
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without a body, which is not the same as an empty one: where engines keep the last message of each key, it deletes that. */
  readonly isTombstone?: boolean;
}

/** A message as it is stored. */
export interface StoredMessage extends Omit<Message, 'id'> {
  /** Its number in its partition, from 0; undefined where the engine does not number messages. */
  readonly sequence: number | undefined;
  /** The engine's own name of the message, the same whenever it comes; where it has no number. */
  readonly messageId?: string;
  /** When it was put, in epoch milliseconds. */
  readonly time: number;
}

/** A message that was looked at. */
export interface PeekedMessage {
  readonly partition: number;
  readonly message: StoredMessage;
  /** Runs that failed, of the group. */
  readonly tries: number;
}

/** How messages are put. */
export interface PutOptions {
  /** They are not ready before this time has passed. */
  readonly delayMs: number;
  /** Number of ids that are remembered. */
  readonly remember: number;
}

/** What became of messages that were put. */
export interface PutResult {
  readonly stored: number;
  /** Those whose id was known. */
  readonly repeated: number;
}

/** Only the first of the messages were put. */
export class PutFailure extends Failure {
  /** The number of the first messages that need not be put again. */
  readonly stored: number;

  constructor(status: number, message: string, stored: number, options?: { cause?: unknown }) {
    super(status, message, options);
    this.stored = stored;
  }
}

/** Where a group starts: before the first message, behind the last, or at the first message put at or after a time. */
export type Position = 'beginning' | 'end' | { readonly time: number };

/** Which messages are taken. */
export interface TakeRequest {
  readonly group: string;
  /** Where the group starts if it is new. */
  readonly from: Position;
  /** The most messages of a batch. */
  readonly count: number;
  /** The most bytes of a batch; a single message may be longer. */
  readonly bytes: number;
  /** How long a batch that is not full waits for more, from when its first message is seen. */
  readonly lingerMs: number;
  /** Whether to return at once when the group has nothing ready, delayed or leased to anybody. */
  readonly endsWhenEmpty: boolean;
  /** Whether it is no batch to anybody: given back, or when its taker is killed, its messages are in batches of any size. */
  readonly isLoose?: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** A batch is no longer ours, so that it comes again, to whoever takes it. All else goes on. */
export class LostBatch extends Failure {
  constructor(message: string) {
    super(status.temporary, message);
  }
}

/** How a batch is given back. */
export interface Again {
  /** It is not ready before this time has passed; 0: at once. */
  readonly delayMs: number;
  readonly tries: number;
  readonly delays: number;
}

/** Why a message is put aside. */
export interface Reason {
  readonly tries: number;
  /** The exit status of its last run, 128+n for a signal. */
  readonly status: number;
  /** The last bytes of its stderr. */
  readonly stderr: string;
}

/** A batch that is out. It is ours until one of its methods has returned, or this process and the command have ended. */
export interface TakenBatch {
  /** Tells the queue from others of its name, elsewhere or made anew later: letters and digits; empty where the engine cannot tell. */
  readonly queueId: string;
  readonly partition: number;
  /** At least one, in order, all of one partition. */
  readonly messages: readonly StoredMessage[];
  /** Runs that failed. */
  readonly tries: number;
  /** Times in a row that it was given back without a try being counted. */
  readonly delays: number;
  /** A locked descriptor; the batch is out as long as a process holds it. Undefined for drivers that know another way. */
  readonly lease: number | undefined;
  /** It never comes again. @throws LostBatch */
  acknowledge(): Promise<void>;
  giveBack(again: Again): Promise<void>;
  /** Its halves, each a batch of its own, are ready at once. @throws RangeError for a single message */
  halve(tries: number): Promise<void>;
  /**
   * Puts its single message among the queue's own dead letters, as `deadLetter` makes it, and acknowledges it: both or
   * neither where the engine can, else in this order. @throws RangeError for several messages
   */
  bury(reason: Reason): Promise<void>;
}

/** A row of numbers of a partition and a group. */
export interface QueueStat {
  readonly partition: number;
  /** Empty when no group is known. */
  readonly group: string;
  /** Messages that are neither acknowledged, out nor delayed. */
  readonly ready: number;
  readonly leased: number;
  readonly delayed: number;
  /** Dead letters of the partition, of all groups. */
  readonly dead: number;
  /** Copies of the partition, and those that have all messages. Missing where the engine does not tell. */
  readonly replicas?: number;
  readonly inSync?: number;
  /** When the oldest message that is not acknowledged was put, in epoch milliseconds; undefined for none. */
  readonly oldest: number | undefined;
  /** The number of the message behind the last one that was taken; without a group, of the first that is stored. Undefined where the engine does not number messages. */
  readonly next: number | undefined;
  /** The number that the next message put will get. */
  readonly end: number | undefined;
}

/**
 * An open queue. Several batches may be out at once, and several calls of `take` wait.
 *
 * What is called in the same turn of the event loop may be done in one: `Promise.all([batch.acknowledge(), queue.take(request)])`
 * syncs a file once. Every method but `close` throws Failure: no input (no such queue; not `put` and `take`), unavailable,
 * I/O, temporary, configuration (the file is not a queue).
 */
export interface Queue {
  /** How many calls of `put` may be under way; they are stored in their order. One where it is missing. */
  readonly putsAtOnce?: number;
  /** All are durable when it returns. Makes a queue that is missing. @throws PutFailure when only the first of them are */
  put(messages: readonly Message[], options: PutOptions): Promise<PutResult>;
  /** Whether messages may be without a body. */
  readonly hasTombstones?: boolean;
  /** Why the engine will never take a message: it is too long, or has bytes that it cannot hold. Missing where it takes all. Call it after `assertPutable`. */
  unfit?(message: Message): Rejection | undefined;
  /** The next batch; waits for one, and for a queue that is missing. A batch that comes again is as it was, whatever the request's limits. @returns undefined at the signal, and as `endsWhenEmpty` says */
  take(request: TakeRequest): Promise<TakenBatch | undefined>;
  /** Messages that the group has not acknowledged, in their order, partition by partition; takes nothing. No group: all that are stored. Missing where the engine shows none. */
  peek?(group: string | undefined): AsyncIterable<PeekedMessage>;
  /** Moves a group. @throws Failure (temporary) when somebody uses it */
  seek(group: string, position: Position): Promise<void>;
  stats(): Promise<QueueStat[]>;
  /** @throws Failure (unavailable) with a hint when `put` would find no queue, and does not make one */
  assertPutable(): Promise<void>;
  /** @throws Failure (unavailable) with a hint when the group has no dead letters, so that `bury` would fail */
  assertBuriable(group: string): Promise<void>;
  close(): Promise<void>;
}
