/** An idempotent producer: by sequence numbers, each message is stored once, on all in-sync replicas. */

import { later } from '../../async/later.ts';
import { Failure, status } from '../../failure.ts';
import { encodeText } from '../../lines/text.ts';
import { type Message, PutFailure } from '../queue.ts';
import type { Cluster, Library, Topic } from './cluster.ts';
import { isPassing, kafkaFailure } from './failure.ts';
import { partitionOf } from './murmur2.ts';
import { type Identity, produce, type Sent } from './produce.ts';
import { bytesOf, RecordBatch } from './record-batch.ts';

/** A broker remembers a producer's last five batches per partition: only these can be retried safely. */
export const PUTS_AT_ONCE = 4;
const BATCH_BYTES = 500_000;
const SEQUENCES = 2 ** 31;

export class Producer {
  /** Maximum size of a batch. */
  batchBytes = BATCH_BYTES;
  readonly #cluster: Cluster;
  readonly #topic: string;
  /** The next sequence number by partition. */
  readonly #sequences = new Map<number, number>();
  /** Partitions whose leader has stored something of this producer. */
  readonly #known = new Set<number>();
  #producer: Promise<Identity> | undefined;
  /** Whether sequence numbers were used for messages that may never be stored. */
  #isBroken = false;
  readonly #sending = new Set<Promise<void>>();
  /** Number of puts in retry. */
  #repeating = 0;
  #turn = Math.floor(Math.random() * 1000);
  #begun: Promise<unknown> = Promise.resolve();

  constructor(cluster: Cluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** Messages keep the order of the calls. @param partition for all; default: by key @throws PutFailure */
  async put(messages: readonly Message[], partition?: number): Promise<void> {
    const begun = this.#begun.then(() => this.#begin(messages, partition));
    this.#begun = begun.catch(() => {});
    try {
      await (await begun).stored;
    } catch (error) {
      if (error instanceof PutFailure) throw error;
      const { status: kind, message } = kafkaFailure(this.#cluster.shown, error);
      throw new PutFailure(kind, message, 0, { cause: error });
    }
  }

  /** Assigns sequence numbers in the order of the calls, and starts to send. */
  async #begin(messages: readonly Message[], partition: number | undefined) {
    const topic = await this.#cluster.persist(() => this.#cluster.topic(this.#topic));
    const library = await this.#cluster.library();
    if (this.#isBroken) await Promise.allSettled(this.#sending);
    const producer = await this.#identify();
    const batches = this.#batches(messages, topic, library, partition);
    const isAlone = !this.#canOverlap(batches);
    // During a retry, later batches would arrive out of sequence, be refused, and be retried in turn, for ever.
    while (this.#sending.size >= (isAlone || this.#repeating > 0 ? 1 : PUTS_AT_ONCE))
      await Promise.race(this.#sending);
    const stored = later(this.#store(batches, messages.length, producer, [...this.#sending]));
    const sent = stored.catch(() => {}).then(() => void this.#sending.delete(sent));
    this.#sending.add(sent);
    if (isAlone) await sent;
    return { stored };
  }

  /**
   * Whether other requests may be in flight. Not with more batches for a partition than the broker remembers; nor with
   * the first for a partition, since the broker accepts any first sequence number.
   */
  #canOverlap(batches: readonly Sent[]): boolean {
    const partitions = new Set(batches.map(({ batch }) => batch.partition));
    return partitions.size === batches.length && [...partitions].every((each) => this.#known.has(each));
  }

  /** @param before the earlier puts, which must settle before a retry */
  async #store(
    batches: readonly Sent[],
    count: number,
    producer: Identity,
    before: readonly Promise<void>[],
  ): Promise<void> {
    let tries = 0;
    const unstored = () => batches.filter(({ isStored }) => !isStored);
    const send = (some: readonly Sent[]) => this.#send(some, producer);
    try {
      await this.#cluster.persist(async () => {
        if (++tries === 2) this.#repeating++;
        if (tries > 1) await Promise.all(before);
        const first = new Map(
          unstored()
            .toReversed()
            .map((each) => [each.batch.partition, each]),
        );
        for (const partition of this.#known) first.delete(partition);
        await send([...first.values()]);
        await send(unstored());
      });
    } catch (error) {
      // The outcome of the others is unknown, so their sequence numbers cannot be reused.
      this.#isBroken = true;
      const first = Math.min(count, ...unstored().map(({ batch }) => batch.numbers[0] ?? 0));
      const failure = kafkaFailure(this.#cluster.shown, error);
      throw new PutFailure(failure.status, failure.message, first, { cause: error });
    } finally {
      if (tries > 1) this.#repeating--;
    }
  }

  #afterOthers(): Failure {
    return new Failure(status.unavailable, `${this.#cluster.shown}: earlier messages were not stored`);
  }

  /** @throws Failure */
  #identify(): Promise<Identity> {
    if (this.#isBroken) {
      this.#producer = undefined;
      this.#sequences.clear();
      this.#known.clear();
      this.#isBroken = false;
    }
    this.#producer ??= this.#cluster.persist(async () => {
      const args = [null, 0, -1n, -1];
      const answer = await this.#cluster.call<{ producerId: bigint; producerEpoch: number }>(
        ...([undefined, 'InitProducerId', args] as const),
      );
      return { producerId: answer.producerId, epoch: answer.producerEpoch };
    });
    return this.#producer;
  }

  #batches(
    messages: readonly Message[],
    topic: Topic,
    library: Library,
    partition: number | undefined,
  ): Sent[] {
    const { compression } = this.#cluster.address;
    const { bitmask, compressSync } = library.compressionsAlgorithms[compression];
    const count = topic.partitions.length;
    // The topic may have more partitions than its dead-letter topic.
    const fixed = partition === undefined ? undefined : partition % count;
    const withLeader = [...topic.partitions.keys()].filter((at) => topic.partitions[at]?.leader);
    const anyOf = withLeader.length > 0 ? withLeader : [...topic.partitions.keys()];
    const unkeyed = fixed ?? anyOf[this.#turn++ % anyOf.length] ?? 0;
    const time = this.#cluster.settings.now();
    const open = new Map<number, RecordBatch>();
    const finished: RecordBatch[] = [];
    const finish = (batch: RecordBatch) => {
      batch.finish(time, bitmask, compression === 'none' ? undefined : compressSync);
      finished.push(batch);
    };
    for (const [number, message] of messages.entries()) {
      const key = message.key === undefined ? undefined : encodeText(message.key);
      const to = fixed ?? (key === undefined ? unkeyed : partitionOf(key, count));
      let batch = open.get(to);
      if (batch !== undefined && batch.length + bytesOf(message) > this.batchBytes) {
        finish(batch);
        batch = undefined;
      }
      if (batch === undefined) {
        batch = new RecordBatch(to);
        open.set(to, batch);
      }
      batch.add(number, message, key);
    }
    for (const batch of open.values()) finish(batch);
    return finished.map((batch) => ({
      batch,
      sequence: this.#sequenceOf(batch),
      isStored: false,
      error: undefined,
    }));
  }

  #sequenceOf({ partition, numbers }: RecordBatch): number {
    const sequence = this.#sequences.get(partition) ?? 0;
    this.#sequences.set(partition, (sequence + numbers.length) % SEQUENCES);
    return sequence;
  }

  async #send(some: readonly Sent[], producer: Identity): Promise<void> {
    await produce(this.#cluster, this.#topic, some, producer);
    for (const { batch, isStored } of some) if (isStored) this.#known.add(batch.partition);
    const failed = some.filter(({ isStored }) => !isStored);
    const [refused = failed[0]] = failed.filter(({ error }) => !isPassing(error));
    if (refused === undefined) return;
    throw this.#isBroken ? this.#afterOthers() : refused.error;
  }
}
