/** Puts messages into a topic: each once, by numbers that the broker checks, on all replicas in sync when it returns. */

import type { Broker } from '@platformatic/kafka';
import { later } from '../../async/later.ts';
import { Failure, status } from '../../failure.ts';
import { type Message, PutFailure } from '../queue.ts';
import type { Cluster, Library, Topic } from './cluster.ts';
import { code, isPassing, kafkaFailure } from './failure.ts';
import { partitionOf } from './murmur2.ts';
import { bytesOf, RecordBatch, type Stamp } from './record-batch.ts';

/** A broker knows the numbers of the last five requests of a producer to a partition: so many may be repeated. */
export const PUTS_AT_ONCE = 4;
const BATCH_BYTES = 500_000;
const PRODUCE = 0;
const ACKS_ALL = -1;
/** How long a leader waits for its replicas. */
const ANSWER_MS = 30_000;
const SEQUENCES = 2 ** 31;

type Identity = Pick<Stamp, 'producerId' | 'epoch'>;

interface Sent {
  readonly batch: RecordBatch;
  readonly sequence: number;
  isStored: boolean;
  /** Of the last try. */
  error: unknown;
}

interface ProduceAnswer {
  readonly responses: readonly {
    readonly partitionResponses: readonly { readonly index: number; readonly errorCode: number }[];
  }[];
}

export class Producer {
  /** A batch ends with this many bytes. */
  batchBytes = BATCH_BYTES;
  readonly #cluster: Cluster;
  readonly #topic: string;
  /** The number of the next record in each partition. */
  readonly #sequences = new Map<number, number>();
  /** Partitions whose broker knows this producer. */
  readonly #known = new Set<number>();
  #producer: Promise<Identity> | undefined;
  /** Whether numbers were given to messages that may never be stored. */
  #isBroken = false;
  readonly #sending = new Set<Promise<void>>();
  #turn = Math.floor(Math.random() * 1000);
  #begun: Promise<unknown> = Promise.resolve();

  constructor(cluster: Cluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** Messages keep the order of the calls. @param partition of all; else that of their keys @throws PutFailure */
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

  /** Numbers the messages, in the order of the calls, and begins to send them. */
  async #begin(messages: readonly Message[], partition: number | undefined) {
    const topic = await this.#cluster.persist(() => this.#cluster.topic(this.#topic));
    const library = await this.#cluster.library();
    if (this.#isBroken) await Promise.allSettled(this.#sending);
    const producer = await this.#identify();
    const batches = this.#batches(messages, topic, library, partition);
    const isAlone = !this.#mayOverlap(batches);
    while (this.#sending.size >= (isAlone ? 1 : PUTS_AT_ONCE)) await Promise.race(this.#sending);
    const stored = later(this.#store(batches, messages.length, producer, library));
    const sent = stored.catch(() => {}).then(() => void this.#sending.delete(sent));
    this.#sending.add(sent);
    if (isAlone) await sent;
    return { stored };
  }

  /**
   * Whether other requests may be under way. Not with more of a partition than the broker remembers; nor with the first of a
   * partition, since the broker takes whatever number comes first.
   */
  #mayOverlap(batches: readonly Sent[]): boolean {
    const partitions = new Set(batches.map(({ batch }) => batch.partition));
    return partitions.size === batches.length && [...partitions].every((each) => this.#known.has(each));
  }

  async #store(batches: readonly Sent[], count: number, producer: Identity, library: Library): Promise<void> {
    const unstored = () => batches.filter(({ isStored }) => !isStored);
    try {
      await this.#cluster.persist(async () => {
        const first = new Map(
          unstored()
            .toReversed()
            .map((each) => [each.batch.partition, each]),
        );
        for (const partition of this.#known) first.delete(partition);
        await this.#send([...first.values()], producer, library);
        await this.#send(unstored(), producer, library);
      });
    } catch (error) {
      // What has become of the others nobody knows, so that their numbers cannot be used again.
      this.#isBroken = true;
      const first = Math.min(count, ...unstored().map(({ batch }) => batch.numbers[0] ?? 0));
      const failure = kafkaFailure(this.#cluster.shown, error);
      throw new PutFailure(failure.status, failure.message, first, { cause: error });
    }
  }

  #afterOthers(): Failure {
    return new Failure(status.unavailable, `${this.#cluster.shown}: messages before were not stored`);
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
      const words = [null, 0, -1n, -1];
      const answer = await this.#cluster.call<{ producerId: bigint; producerEpoch: number }>(
        ...([undefined, 'InitProducerId', words] as const),
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
    const unkeyed = partition ?? this.#turn++ % count;
    const time = this.#cluster.settings.now();
    const open = new Map<number, RecordBatch>();
    const finished: RecordBatch[] = [];
    const finish = (batch: RecordBatch) => {
      batch.finish(time, bitmask, compression === 'none' ? undefined : compressSync);
      finished.push(batch);
    };
    for (const [number, message] of messages.entries()) {
      const key = message.key === undefined ? undefined : Buffer.from(message.key);
      const to = partition ?? (key === undefined ? unkeyed : partitionOf(key, count));
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

  /** Several requests at once to each broker, in order for each partition. @throws the error of a batch that is not stored */
  async #send(unstored: readonly Sent[], producer: Identity, library: Library): Promise<void> {
    const topic = await this.#cluster.topic(this.#topic);
    const requests = new Map<Broker, Sent[][]>();
    const rounds = new Map<number, number>();
    for (const each of unstored) {
      const { partition } = each.batch;
      const leader = topic.partitions[partition]?.leader;
      if (leader === undefined)
        throw new Failure(status.temporary, `${this.#cluster.shown}: partition ${partition} has no leader`);
      const round = rounds.get(partition) ?? 0;
      rounds.set(partition, round + 1);
      const ofLeader = requests.get(leader) ?? [];
      requests.set(leader, ofLeader);
      const request = ofLeader[round];
      if (request === undefined) ofLeader[round] = [each];
      else request.push(each);
    }
    await Promise.all(
      [...requests].flatMap(([leader, rounds]) =>
        rounds.map((batches) => this.#request(leader, batches, producer, library)),
      ),
    );
    for (const { batch, isStored } of unstored) if (isStored) this.#known.add(batch.partition);
    const failed = unstored.filter(({ isStored }) => !isStored);
    const [refused = failed[0]] = failed.filter(({ error }) => !isPassing(error));
    if (refused === undefined) return;
    throw this.#isBroken ? this.#afterOthers() : refused.error;
  }

  async #request(
    leader: Broker,
    batches: readonly Sent[],
    producer: Identity,
    library: Library,
  ): Promise<void> {
    const parts = batches.map(({ batch, sequence }) => ({
      partition: batch.partition,
      bytes: batch.stamped({ ...producer, sequence }, library.crc32c),
    }));
    const answer = await this.#produce(leader, parts, library).catch((error: unknown) => {
      const response = (error as { response?: ProduceAnswer }).response;
      if (response !== undefined) return response;
      for (const each of batches) each.error = error;
      return undefined;
    });
    const results = answer?.responses.flatMap(({ partitionResponses }) => partitionResponses) ?? [];
    for (const each of batches) {
      const found = results.find(({ index }) => index === each.batch.partition);
      if (found !== undefined) {
        each.error = errorOf(found.errorCode, library);
        each.isStored = each.error === undefined;
      } else if (answer !== undefined)
        each.error = new Failure(status.temporary, `${this.#cluster.shown}: no answer`);
    }
  }

  async #produce(
    leader: Broker,
    parts: readonly { readonly partition: number; readonly bytes: Buffer }[],
    { Writer, createAPI, produceV9 }: Library,
  ): Promise<ProduceAnswer> {
    const write = () =>
      Writer.create()
        .appendString(null)
        .appendInt16(ACKS_ALL)
        .appendInt32(ANSWER_MS)
        .appendArray([this.#topic], (topics, name) => {
          topics.appendString(name).appendArray([...parts], (writer, { partition, bytes }) => {
            writer
              .appendInt32(partition)
              .appendUnsignedVarInt(bytes.length + 1)
              .append(bytes);
          });
        })
        .appendTaggedFields();
    // Later versions name the new leader in a way that the library cannot read.
    const api = createAPI<[], ProduceAnswer>(PRODUCE, 9, write, produceV9.parseResponse);
    return api.async(await this.#cluster.connection(leader));
  }
}

/** Undefined when it is stored. */
function errorOf(errorCode: number, { ProtocolError }: Library): Error | undefined {
  if (errorCode === code.none || errorCode === code.duplicateSequence) return undefined;
  const isAfterFailed = errorCode === code.outOfOrderSequence;
  return new ProtocolError(errorCode, null, isAfterFailed ? { canRetry: true } : {});
}
